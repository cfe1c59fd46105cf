#include "runtime/ledger_link.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>

#include "runtime/ledger_fixture.hpp"

namespace reeld {
namespace {

using ::testing::Contains;
using ::testing::Not;

class LedgerLinkTest : public ::testing::Test {
 protected:
  std::string write(std::function<void(LedgerStore&)> run) {
    const auto write = ledger_.link.begin({std::move(run), nullptr});
    bool is_over = false;
    boost::asio::co_spawn(ledger_.loop, ledger_.link.wait(write),
                          [&](std::exception_ptr) { is_over = true; });
    ledger_.run();
    EXPECT_TRUE(is_over);
    EXPECT_TRUE(write->is_done);
    return write->error;
  }

  LedgerFixture ledger_;
};

TEST_F(LedgerLinkTest, AWriteIsAwaitedAndDurable) {
  EXPECT_EQ(write([](LedgerStore& store) { store.set_held(true); }), "");
  EXPECT_TRUE(LedgerStore(ledger_.path()).reader().is_held());
}

TEST_F(LedgerLinkTest, WhatIsPostedIsWrittenWithoutAnybodyWaiting) {
  ledger_.link.post([](LedgerStore& store) { store.set_held(true); });
  ledger_.run();
  EXPECT_TRUE(LedgerStore(ledger_.path()).reader().is_held());
}

TEST_F(LedgerLinkTest, AFailureIsSaidOnceAndWhatWasPostedIsWrittenWhenItIsOver) {
  int changes = 0;
  ledger_.link.start([&] { ++changes; }, [] {});
  auto is_broken = std::make_shared<bool>(true);
  ledger_.link.post([is_broken](LedgerStore& store) {
    if (std::exchange(*is_broken, false)) throw SqliteError("a disk that fails", 10);
    store.set_held(true);
  });
  ledger_.run();  // until it has been tried again
  EXPECT_TRUE(ledger_.link.is_well());
  EXPECT_EQ(changes, 2);
  EXPECT_THAT(ledger_.log.events, ::testing::ElementsAre("ledger.failed", "ledger.recovered"));
  EXPECT_TRUE(LedgerStore(ledger_.path()).reader().is_held());
}

TEST_F(LedgerLinkTest, WhatCouldNotBeWrittenComesBeforeWhatIsBegunLater) {
  auto is_broken = std::make_shared<bool>(true);
  ledger_.link.post([is_broken](LedgerStore& store) {
    if (std::exchange(*is_broken, false)) throw SqliteError("a disk that fails", 10);
    store.set_held(true);
  });
  while (ledger_.link.is_well()) ledger_.loop.run_one();
  auto seen = std::make_shared<bool>(false);
  const auto later =
      ledger_.link.begin({[seen](LedgerStore& store) { *seen = store.reader().is_held(); }, nullptr});
  while (!later->is_done) ledger_.loop.run_one();
  EXPECT_TRUE(*seen);
  ledger_.run();
}

TEST_F(LedgerLinkTest, AWriteThatFailsSaysWhy) {
  ledger_.link.stop();
  EXPECT_EQ(write([](LedgerStore&) { throw SqliteError("a disk that fails", 10); }), "a disk that fails");
  EXPECT_FALSE(ledger_.link.is_well());
}

TEST_F(LedgerLinkTest, NoTwoTokensAreTheSameNotEvenOverAStart) {
  const std::string token = ledger_.link.make_token();
  EXPECT_NE(token, ledger_.link.make_token());
  EXPECT_EQ(token, std::to_string(ledger_.link.marker().generation) + "-1");
}

TEST_F(LedgerLinkTest, SpaceForAnswersIsHeldBeside) {
  std::string complaint = "never ran";
  boost::asio::co_spawn(ledger_.loop, ledger_.link.reserve_answers(3),
                        [&](std::exception_ptr, std::string text) { complaint = std::move(text); });
  ledger_.run();
  EXPECT_EQ(complaint, "");
  EXPECT_GE(std::filesystem::file_size(ledger_.path() + ".reserve"), 4U << 20U);
}

TEST_F(LedgerLinkTest, TellsSinceWhenAWriteIsUnderWay) {
  EXPECT_EQ(ledger_.link.oldest_write(), std::nullopt);
  const SteadyTime before = std::chrono::steady_clock::now();
  const auto first = ledger_.link.begin({[](LedgerStore& store) { store.set_held(true); }, nullptr});
  const auto begun = ledger_.link.oldest_write();
  ASSERT_TRUE(begun);
  EXPECT_GE(*begun, before);
  const auto second = ledger_.link.begin({[](LedgerStore& store) { store.set_held(false); }, nullptr});
  EXPECT_EQ(ledger_.link.oldest_write(), begun);
  ledger_.run();
  EXPECT_EQ(ledger_.link.oldest_write(), std::nullopt);
}

TEST_F(LedgerLinkTest, TellsTheNumbersOfTheLedger) {
  LedgerNumbers numbers{7, 7};
  boost::asio::co_spawn(ledger_.loop, ledger_.link.read_numbers(std::chrono::system_clock::now()),
                        [&](std::exception_ptr, LedgerNumbers found) { numbers = found; });
  ledger_.run();
  EXPECT_EQ(numbers.doubts, 0U);
  EXPECT_EQ(numbers.unpublished, 0U);
}

}  // namespace
}  // namespace reeld
