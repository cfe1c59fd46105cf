// One pair that alone meets an early 5xx, and the lane.

#include <gmock/gmock.h>

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class JobSchedulerEarlyTest : public ::testing::Test {
 protected:
  static ReadyPair make_pair(const std::string& stem, std::uint64_t inode) {
    ReadyPair pair;
    pair.job = {"a", stem};
    pair.identity = {{1, inode, 10, 100}, {1, inode + 1, 20, 200}};
    pair.age_ns = static_cast<std::int64_t>(inode);
    return pair;
  }

  void make_ready(const ReadyPair& pair) {
    scheduler_.on_ready(pair, now_);
    scheduler_.on_looked_up(pair, nullptr, 0ms, now_);
  }

  /// The stems of those that start now.
  std::vector<std::string> start() {
    std::vector<std::string> out;
    scheduler_.pump(now_);
    for (const Action& action : scheduler_.take_actions()) {
      if (action.kind != Action::Kind::start) continue;
      tickets_[action.pair.job] = action.ticket;
      out.push_back(action.pair.job.stem);
    }
    return out;
  }

  LaneTransition end(const ReadyPair& pair, Verdict verdict) {
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.verdict = verdict;
    outcome.has_sent_body = true;
    outcome.is_early_5xx = verdict == Verdict::unsent;
    return scheduler_.on_ended(pair.job, tickets_.at(pair.job), outcome, now_, 1.0);
  }

  /// It is tried until the scheduler lets it wait by itself.
  void fail_alone(const ReadyPair& pair) {
    for (int i = 0; i < 3; ++i) {
      ASSERT_THAT(start(), ElementsAre(pair.job.stem));
      end(pair, Verdict::unsent);
      now_ += i < 2 ? 10s : 0s;
    }
  }

  LaneLimits limits_;
  JobScheduler scheduler_{limits_, SchedulerRules{}};
  SteadyTime now_{1000s};
  std::map<JobName, std::uint64_t> tickets_;
  const ReadyPair odd_ = make_pair("odd", 10);
  const ReadyPair good_ = make_pair("good", 20);
};

TEST_F(JobSchedulerEarlyTest, TheFirstTwoPauseTheLane) {
  make_ready(odd_);
  make_ready(good_);
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(start(), ElementsAre("odd"));
    end(odd_, Verdict::unsent);
    EXPECT_THAT(start(), IsEmpty());
    now_ += 10s;
  }
}

TEST_F(JobSchedulerEarlyTest, FromTheThirdOnTheOthersGoOn) {
  make_ready(odd_);
  make_ready(good_);
  fail_alone(odd_);
  EXPECT_THAT(start(), ElementsAre("good")) << "at once";
  EXPECT_EQ(scheduler_.waiting(), 1U);
}

TEST_F(JobSchedulerEarlyTest, ItIsTriedAgainByItselfAndPausesNobodyAnyMore) {
  make_ready(odd_);
  fail_alone(odd_);
  make_ready(good_);
  EXPECT_THAT(start(), ElementsAre("good"));
  end(good_, Verdict::accepted);
  for (const auto wait : {1s, 2s, 4s}) {
    now_ += wait - 1ms;
    EXPECT_THAT(start(), IsEmpty());
    now_ += 1ms;
    EXPECT_THAT(start(), ElementsAre("odd"));
    EXPECT_EQ(end(odd_, Verdict::unsent).kind, LaneTransition::Kind::nothing);
    EXPECT_EQ(scheduler_.lane().pause(), Pause::none);
  }
}

TEST_F(JobSchedulerEarlyTest, OneThatComesLaterDoesNotWaitForIt) {
  make_ready(odd_);
  fail_alone(odd_);
  make_ready(good_);
  EXPECT_THAT(start(), ElementsAre("good"));
}

TEST_F(JobSchedulerEarlyTest, WhereTheNextMeetsItTooTheLaneBacksOffAsOne) {
  make_ready(odd_);
  fail_alone(odd_);
  make_ready(good_);
  EXPECT_THAT(start(), ElementsAre("good"));
  end(good_, Verdict::unsent);
  EXPECT_EQ(scheduler_.lane().pause(), Pause::unsent);
  EXPECT_THAT(start(), IsEmpty());
}

TEST_F(JobSchedulerEarlyTest, WhatWaitsByItselfIsSaidToWaitForTheApi) {
  make_ready(odd_);
  fail_alone(odd_);
  WaitCounts counts{};
  scheduler_.count_waiting(counts, now_);
  EXPECT_EQ(count_of(counts, WaitReason::unsent), 1U);
  scheduler_.on_gone(odd_.job);
  EXPECT_EQ(scheduler_.waiting(), 0U);
}

}  // namespace
}  // namespace reeld
