#include "submit/ledger_health.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "submit/ledger_fixture.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;

class LedgerHealthTest : public ::testing::Test {
 protected:
  SilentLog log_;
  boost::asio::io_context loop_;
  int retries_ = 0;
  LedgerHealth health_{loop_.get_executor(), log_, [this] { ++retries_; }};
};

TEST_F(LedgerHealthTest, AFailureIsNewsOnceAndIsTriedAgain) {
  EXPECT_TRUE(health_.note_failure("a disk that fails"));
  EXPECT_FALSE(health_.note_failure("a disk that fails"));
  EXPECT_FALSE(health_.is_healthy());
  EXPECT_THAT(log_.events, ElementsAre("ledger.failed"));
  loop_.run();
  EXPECT_EQ(retries_, 1);
}

TEST_F(LedgerHealthTest, ASuccessIsNewsAfterAFailureOnly) {
  EXPECT_FALSE(health_.note_success());
  health_.note_failure("a disk that fails");
  EXPECT_TRUE(health_.note_success());
  EXPECT_TRUE(health_.is_healthy());
  EXPECT_THAT(log_.events, ElementsAre("ledger.failed", "ledger.recovered"));
}

TEST_F(LedgerHealthTest, OnceStoppedItIsNotTriedAgain) {
  health_.note_failure("a disk that fails");
  health_.stop();
  health_.note_failure("a disk that fails");
  loop_.run();
  EXPECT_EQ(retries_, 0);
}

}  // namespace
}  // namespace reeld
