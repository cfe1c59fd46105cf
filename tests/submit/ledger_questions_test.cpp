#include "submit/ledger_questions.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>

#include "submit/ledger_fixture.hpp"

namespace reeld {
namespace {

class LedgerQuestionsTest : public ::testing::Test {
 protected:
  std::exception_ptr ask_for_held() {
    std::exception_ptr out;
    boost::asio::co_spawn(ledger_.loop, questions().read_held(),
                          [&](std::exception_ptr thrown, bool) { out = std::move(thrown); });
    ledger_.run();
    return out;
  }
  LedgerQuestions& questions() { return ledger_.link.questions(); }

  LedgerFixture ledger_;
};

TEST_F(LedgerQuestionsTest, TellsTheNumbersOfTheLedger) {
  LedgerNumbers numbers{7, 7};
  boost::asio::co_spawn(ledger_.loop, questions().read_numbers(std::chrono::system_clock::now()),
                        [&](std::exception_ptr, LedgerNumbers found) { numbers = found; });
  ledger_.run();
  EXPECT_EQ(numbers.doubts, 0U);
  EXPECT_EQ(numbers.unpublished, 0U);
}

TEST_F(LedgerQuestionsTest, NothingIsReadFromWhenItWasClosedUntilItIsReopened) {
  EXPECT_FALSE(ask_for_held());
  questions().close();
  EXPECT_EQ(questions().connection_counter()(), 0);
  EXPECT_TRUE(ask_for_held());
  questions().reopen();
  EXPECT_FALSE(ask_for_held());
  EXPECT_EQ(questions().connection_counter()(), 1);
}

TEST_F(LedgerQuestionsTest, OfAnEmptyLedgerNobodyNeedAskWhetherAPairIsSettled) {
  EXPECT_FALSE(questions().settled_opener());
}

}  // namespace
}  // namespace reeld
