#include "follow/pace.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using enum PaceNews;

/// A pace with a clock that only moves when told to.
class FollowPaceTest : public testing::Test {
 protected:
  FollowRules rules_;
  FollowPace pace_{rules_};
  SteadyTime now_{1h};

  bool may_start() { return pace_.ask(now_).may_start; }
  std::uint64_t start() {
    EXPECT_TRUE(may_start());
    return pace_.on_started(now_);
  }
  PaceChange end(std::uint64_t ticket, PaceNews news, std::optional<milliseconds> asked = {}) {
    return pace_.on_ended(ticket, news, asked, now_, 0.0);
  }
  PaceChange run(PaceNews news, std::optional<milliseconds> asked = {}) { return end(start(), news, asked); }
  /// When time alone lets the next one go.
  SteadyTime::duration wait() { return *pace_.ask(now_).ask_again - now_; }
};

TEST_F(FollowPaceTest, LetsAsManyGoAsTheRulesSay) {
  for (int i = 0; i < 4; ++i) start();
  EXPECT_FALSE(may_start());
  EXPECT_EQ(pace_.ask(now_).ask_again, std::nullopt) << "one has to end";
  end(1, fine);
  EXPECT_TRUE(may_start());
}

TEST_F(FollowPaceTest, ThrottlingPausesHalvesAndSpreadsOnceForAllUnderWay) {
  const auto a = start();
  const auto b = start();
  EXPECT_EQ(end(a, throttled, 2s).kind, PaceChange::Kind::paused);
  EXPECT_EQ(end(b, throttled, 2s).kind, PaceChange::Kind::nothing);
  EXPECT_EQ(pace_.limit(), 2U);
  EXPECT_EQ(pace_.spacing(), 100ms);
  EXPECT_EQ(wait(), 2s);
  now_ += 2s;
  const auto probe = start();
  EXPECT_FALSE(may_start()) << "one request decides";
  const PaceChange change = end(probe, fine);
  EXPECT_EQ(change.kind, PaceChange::Kind::resumed);
  EXPECT_EQ(change.why, throttled);
  EXPECT_EQ(wait(), 100ms) << "not faster than it was taught";
}

TEST_F(FollowPaceTest, TheRateRecoversSlowly) {
  for (int i = 0; i < 5; ++i) {
    run(throttled);
    now_ += 10min;
  }
  EXPECT_EQ(pace_.spacing(), 1600ms);
  for (int i = 0; i < 100; ++i) {
    run(fine);
    now_ += 10s;
  }
  EXPECT_EQ(pace_.spacing(), 0ms);
  EXPECT_EQ(pace_.limit(), 4U);
}

TEST_F(FollowPaceTest, AWaitThatIsAskedForIsCappedAndBackOffDoubles) {
  run(throttled, 24h);
  EXPECT_EQ(wait(), 5min);
  milliseconds expected = 500ms;  // half is certain, and these dice always show zero
  for (int i = 0; i < 12; ++i) {
    now_ += 5min;
    run(throttled);
    EXPECT_EQ(wait(), expected);
    expected = std::min<milliseconds>(expected * 2, 150s);
  }
}

TEST_F(FollowPaceTest, OneAnswerAboutTheAccountMayBeAboutItsJobAlone) {
  EXPECT_EQ(run(account).kind, PaceChange::Kind::nothing);
  EXPECT_FALSE(may_start());
  EXPECT_LE(wait(), 1s);
  now_ += 1s;
  EXPECT_EQ(run(fine).kind, PaceChange::Kind::nothing) << "no pause was said";
  EXPECT_EQ(pace_.pause(), fine);
  EXPECT_TRUE(may_start());
}

TEST_F(FollowPaceTest, ASecondOnePausesUntilOneProbeAndIsSaidOnce) {
  run(account);
  now_ += 1s;
  const PaceChange change = run(account);
  EXPECT_EQ(change.kind, PaceChange::Kind::paused);
  EXPECT_EQ(change.why, account);
  EXPECT_EQ(wait(), 5min);
  now_ += 5min;
  EXPECT_EQ(run(account).kind, PaceChange::Kind::nothing);
  EXPECT_EQ(wait(), 5min);
  pace_.probe_now();
  EXPECT_EQ(run(fine).kind, PaceChange::Kind::resumed);
}

TEST_F(FollowPaceTest, AnAnswerFromBeforeAPauseDoesNotEndIt) {
  const auto old = start();
  run(account);
  now_ += 1s;
  run(account);
  EXPECT_EQ(end(old, fine).kind, PaceChange::Kind::nothing);
  EXPECT_EQ(pace_.pause(), account);
}

TEST_F(FollowPaceTest, ALoneFailureSlowsNobodyAndThreeInARowPause) {
  run(trouble);
  run(trouble);
  EXPECT_TRUE(may_start());
  run(fine);
  run(trouble);
  run(trouble);
  EXPECT_EQ(run(trouble).why, trouble);
  EXPECT_FALSE(may_start());
  now_ += 1s;
  EXPECT_EQ(run(trouble).kind, PaceChange::Kind::nothing) << "said once";
  EXPECT_FALSE(may_start());
  now_ += 2s;
  EXPECT_EQ(run(fine).kind, PaceChange::Kind::resumed);
}

TEST_F(FollowPaceTest, JitterStaysWithinTheBackOff) {
  pace_.on_ended(start(), throttled, {}, now_, 0.999);
  EXPECT_GT(wait(), 990ms);
  EXPECT_LE(wait(), 1s);
}

}  // namespace
}  // namespace reeld
