#include "scheduler/lane.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;
using enum Verdict;

/// A lane with a clock that only moves when told to.
class LaneTest : public ::testing::Test {
 protected:
  LaneLimits limits_{.concurrency = 4};
  Lane lane_{limits_};
  SteadyTime now_{1h};

  bool may_start() { return lane_.ask(now_).may_start; }
  std::uint64_t start() {
    EXPECT_TRUE(may_start());
    return lane_.on_started(now_);
  }
  LaneTransition end(std::uint64_t ticket, Verdict verdict, std::optional<milliseconds> asked = {}) {
    return lane_.on_ended(ticket, verdict, asked, now_, 0.0);
  }
  LaneTransition run(Verdict verdict, std::optional<milliseconds> asked = {}) {
    return end(start(), verdict, asked);
  }
};

TEST_F(LaneTest, OpensWithOneRequestAndWidensByOneForEachAcceptedAnswer) {
  const auto first = start();
  EXPECT_FALSE(may_start());
  end(first, accepted);
  EXPECT_EQ(lane_.limit(), 2U);
  const auto second = start();
  const auto third = start();
  EXPECT_FALSE(may_start());
  end(second, accepted);
  end(third, accepted);
  EXPECT_EQ(lane_.limit(), 4U);
  run(accepted);
  EXPECT_EQ(lane_.limit(), 4U) << "never over concurrency";
}

TEST_F(LaneTest, ARefusalNeitherWidensNorWaits) {
  run(refused);
  EXPECT_EQ(lane_.limit(), 1U);
  EXPECT_TRUE(may_start());
}

TEST_F(LaneTest, ThrottlingHalvesOnceForAllThatWereUnderWay) {
  for (int i = 0; i < 3; ++i) run(accepted);
  ASSERT_EQ(lane_.limit(), 4U);
  const auto a = start();
  const auto b = start();
  const auto c = start();
  EXPECT_EQ(end(a, throttled, 2s).kind, LaneTransition::Kind::paused);
  EXPECT_EQ(end(b, throttled, 2s).kind, LaneTransition::Kind::nothing);
  EXPECT_EQ(end(c, throttled, 2s).kind, LaneTransition::Kind::nothing);
  EXPECT_EQ(lane_.limit(), 2U);
  EXPECT_EQ(lane_.ask(now_).ask_again, now_ + 2s);
  now_ += 2s;
  const auto probe = start();
  EXPECT_FALSE(may_start()) << "after a pause one request decides";
  const LaneTransition change = end(probe, accepted);
  EXPECT_EQ(change.kind, LaneTransition::Kind::resumed);
  EXPECT_EQ(change.pause, Pause::throttled);
}

TEST_F(LaneTest, AWaitThatIsAskedForIsCapped) {
  run(throttled, 24h);
  EXPECT_EQ(lane_.paused_until(), now_ + limits_.backoff_max);
}

TEST_F(LaneTest, BackoffDoublesUpToItsMostAndIsSaidOnce) {
  EXPECT_EQ(run(unsent).kind, LaneTransition::Kind::paused);
  milliseconds expected = 500ms;  // half is certain, and these dice always show zero
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(lane_.paused_until(), now_ + expected);
    now_ = *lane_.paused_until();
    EXPECT_EQ(run(unsent).kind, LaneTransition::Kind::nothing);
    expected = std::min(expected * 2, milliseconds(150'000));
  }
  now_ = *lane_.paused_until();
  EXPECT_EQ(run(accepted).kind, LaneTransition::Kind::resumed);
  now_ += 1s;
  run(unsent);
  EXPECT_EQ(lane_.paused_until(), now_ + 500ms) << "an accepted answer forgets the streak";
}

TEST_F(LaneTest, JitterStaysWithinTheWait) {
  const auto ticket = start();
  lane_.on_ended(ticket, unsent, {}, now_, 0.999);
  EXPECT_GT(*lane_.paused_until(), now_ + 990ms);
  EXPECT_LE(*lane_.paused_until(), now_ + 1s);
}

TEST_F(LaneTest, AnAccountTroublePausesUntilOneProbe) {
  EXPECT_EQ(run(account).pause, Pause::account);
  now_ += limits_.account_retry - 1ms;
  EXPECT_FALSE(may_start());
  now_ += 1ms;
  const auto probe = start();
  EXPECT_FALSE(may_start());
  EXPECT_EQ(end(probe, account).kind, LaneTransition::Kind::nothing) << "the same trouble is said once";
  EXPECT_FALSE(may_start());
  lane_.probe_now();
  EXPECT_EQ(end(start(), accepted).kind, LaneTransition::Kind::resumed);
}

TEST_F(LaneTest, AnAnswerThatTheOldKeyEarnedSaysNothingOfTheNew) {
  run(accepted);
  const auto under_the_old_key = start();
  lane_.probe_now();
  EXPECT_EQ(end(under_the_old_key, account).kind, LaneTransition::Kind::nothing);
  EXPECT_EQ(lane_.pause(), Pause::none);
  EXPECT_TRUE(may_start());
}

TEST_F(LaneTest, WhatWasPaidForBeforeThisStartCountsForTheDay) {
  limits_.per_day = 2;
  lane_.change_limits(limits_);
  lane_.count_toward_daily_cap(now_ - 23h);
  lane_.count_toward_daily_cap(now_ - 1h);
  EXPECT_EQ(lane_.ask(now_).block_reason, BlockReason::per_day);
  EXPECT_EQ(lane_.ask(now_).ask_again, now_ + 1h);
  now_ += 1h;
  EXPECT_TRUE(may_start());
}

TEST_F(LaneTest, AnAnswerFromBeforeAPauseDoesNotEndIt) {
  run(accepted);
  const auto a = start();
  const auto b = start();
  end(a, account);
  EXPECT_EQ(end(b, accepted).kind, LaneTransition::Kind::nothing);
  EXPECT_EQ(lane_.pause(), Pause::account);
  EXPECT_FALSE(may_start());
}

TEST_F(LaneTest, AGraverPauseIsNotCutShortByALighterOne) {
  run(accepted);
  const auto a = start();
  const auto b = start();
  end(a, account);
  end(b, throttled, 1s);
  now_ += 2s;
  EXPECT_FALSE(may_start());
  EXPECT_EQ(lane_.pause(), Pause::account);
}

TEST_F(LaneTest, ThreeDoubtsInARowPauseAndThePauseDoublesToHalfAnHour) {
  run(doubt);
  run(doubt);
  EXPECT_EQ(lane_.pause(), Pause::none);
  EXPECT_EQ(run(doubt).pause, Pause::doubt);
  milliseconds expected = limits_.doubt_pause;
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(lane_.paused_until(), now_ + expected);
    now_ += expected;
    run(doubt);
    expected = std::min<milliseconds>(expected * 2, 30min);
  }
}

TEST_F(LaneTest, AnythingButADoubtBreaksTheRow) {
  run(doubt);
  run(doubt);
  run(refused);
  run(doubt);
  run(doubt);
  EXPECT_EQ(lane_.pause(), Pause::none);
}

TEST_F(LaneTest, ABurstOfDoubtsPausesOnce) {
  for (int i = 0; i < 3; ++i) run(accepted);
  std::vector<std::uint64_t> tickets;
  for (int i = 0; i < 4; ++i) tickets.push_back(start());
  int paused = 0;
  for (const auto ticket : tickets) paused += end(ticket, doubt).kind == LaneTransition::Kind::paused ? 1 : 0;
  EXPECT_EQ(paused, 1);
  EXPECT_EQ(lane_.paused_until(), now_ + limits_.doubt_pause);
}

TEST_F(LaneTest, OnlyTheProbeItselfEndsAPause) {
  for (int i = 0; i < 2; ++i) run(accepted);
  const auto slow = start();
  end(start(), account);
  now_ += limits_.account_retry;
  EXPECT_FALSE(may_start()) << "the slow one fills the lane";
  EXPECT_EQ(end(slow, accepted).kind, LaneTransition::Kind::nothing) << "it began before the pause";
  EXPECT_EQ(end(start(), accepted).kind, LaneTransition::Kind::resumed);
}

TEST_F(LaneTest, AWaitOfNothingIsABackoff) {
  run(throttled, 0ms);
  EXPECT_EQ(lane_.paused_until(), now_ + 500ms);
}

TEST_F(LaneTest, PerMinuteHoldsInEveryWindow) {
  limits_.per_minute = 2;
  Lane lane{limits_};
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(lane.ask(now_).may_start);
    lane.on_ended(lane.on_started(now_), accepted, {}, now_, 0);
    now_ += 10s;
  }
  const LaneAnswer answer = lane.ask(now_);
  EXPECT_FALSE(answer.may_start);
  EXPECT_EQ(answer.ask_again, now_ + 40s);
  EXPECT_TRUE(lane.ask(now_ + 40s).may_start);
}

TEST_F(LaneTest, PerDayCountsWhatMayBePaidForAndReservesWhatIsUnderWay) {
  limits_.per_day = 2;
  Lane lane{limits_};
  lane.on_ended(lane.on_started(now_), refused, {}, now_, 0);
  lane.on_ended(lane.on_started(now_), accepted, {}, now_, 0);
  const auto ticket = lane.on_started(now_);
  EXPECT_FALSE(lane.ask(now_).may_start);
  lane.on_ended(ticket, doubt, {}, now_, 0);
  EXPECT_EQ(lane.ask(now_).ask_again, now_ + 24h);
  EXPECT_TRUE(lane.ask(now_ + 24h).may_start);
}

TEST_F(LaneTest, ADroppedAttemptSaysNothing) {
  start();
  lane_.on_dropped();
  EXPECT_EQ(lane_.in_flight(), 0U);
  EXPECT_EQ(lane_.limit(), 1U);
  EXPECT_TRUE(may_start());
}

TEST_F(LaneTest, NewLimitsHoldAtOnce) {
  for (int i = 0; i < 3; ++i) run(accepted);
  limits_.concurrency = 2;
  lane_.change_limits(limits_);
  EXPECT_EQ(lane_.limit(), 2U);
}

}  // namespace
}  // namespace reeld
