// Why what is in the scheduler waits, and since when.

#include <gmock/gmock.h>

#include <map>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class JobSchedulerWaiting : public ::testing::Test {
 protected:
  ReadyPair make_pair(std::uint64_t inode) {
    ReadyPair pair;
    pair.job = {"", "s" + std::to_string(inode)};
    pair.identity = {{1, inode, 10, 100}, {1, inode + 1, 20, 200}};
    pair.age_ns = static_cast<std::int64_t>(inode);
    return pair;
  }

  ReadyPair make_ready(std::uint64_t inode) {
    const ReadyPair pair = make_pair(inode);
    scheduler_.on_ready(pair, now_);
    scheduler_.on_looked_up(pair, nullptr, 0ms, now_);
    return pair;
  }

  /// The ticket of the attempt that may start now.
  std::uint64_t start_one() {
    scheduler_.pump(now_);
    std::uint64_t ticket = 0;
    for (const Action& action : scheduler_.take_actions()) {
      if (action.kind == Action::Kind::start) ticket = action.ticket;
    }
    return ticket;
  }

  void end(const ReadyPair& pair, std::uint64_t ticket, AttemptOutcome outcome) {
    scheduler_.on_ended(pair.job, ticket, outcome, now_, 0.0);
    if (outcome.has_intent) scheduler_.on_recorded(pair.job, now_);
    scheduler_.pump(now_);
  }

  static AttemptOutcome judged(Verdict verdict) {
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.verdict = verdict;
    outcome.has_intent = verdict == Verdict::doubt;
    return outcome;
  }

  /// Reason to number, of those that have any; both ways of asking say the same.
  std::map<std::string, std::size_t> reasons() {
    WaitCounts counts{};
    WaitTable table;
    scheduler_.count_waiting(counts, now_);
    scheduler_.tally_waiting(table, now_);
    std::map<std::string, std::size_t> out;
    for (const WaitReason reason : wait_reasons) {
      EXPECT_EQ(count_of(counts, reason), table.total(reason)) << word_of(reason);
      if (count_of(counts, reason) != 0) out[std::string(word_of(reason))] = count_of(counts, reason);
    }
    return out;
  }

  LaneLimits limits_;
  SchedulerRules rules_;
  JobScheduler scheduler_{limits_, rules_};
  SteadyTime now_{100h};
};

TEST_F(JobSchedulerWaiting, WhatTheLedgerIsAskedAboutAndWhatIsQueued) {
  EXPECT_THAT(reasons(), IsEmpty());
  scheduler_.on_ready(make_pair(10), now_);
  make_ready(20);
  make_ready(30);
  start_one();  // the lane opens with one
  EXPECT_THAT(reasons(), ElementsAre(Pair("asking", 1), Pair("queued", 1)));
}

TEST_F(JobSchedulerWaiting, AgesCountFromWhenAPairWasReady) {
  make_ready(10);
  start_one();
  make_ready(20);
  now_ += 2min;
  make_ready(30);
  WaitTable table;
  scheduler_.tally_waiting(table, now_);
  EXPECT_THAT(table.row(WaitReason::queued), ElementsAre(1, 0, 1, 0, 0, 0, 0, 0));
}

TEST_F(JobSchedulerWaiting, APauseIsTheReasonWhileItLastsAndWhileItsOneRequestDecides) {
  const ReadyPair first = make_ready(10);
  make_ready(20);
  end(first, start_one(), judged(Verdict::throttled));
  EXPECT_THAT(reasons(), ElementsAre(Pair("throttled", 2)));
  now_ += 10min;
  start_one();
  EXPECT_THAT(reasons(), ElementsAre(Pair("throttled", 1)));
}

TEST_F(JobSchedulerWaiting, TheOperatorsWordAndTheLedgerComeBeforeThePause) {
  const ReadyPair first = make_ready(10);
  end(first, start_one(), judged(Verdict::account));
  EXPECT_THAT(reasons(), ElementsAre(Pair("account", 1)));
  scheduler_.set_ledger_well(false);
  EXPECT_THAT(reasons(), ElementsAre(Pair("ledger", 1)));
  scheduler_.set_held(true);
  EXPECT_THAT(reasons(), ElementsAre(Pair("held", 1)));
  scheduler_.close();
  EXPECT_THAT(reasons(), ElementsAre(Pair("stopping", 1)));
}

TEST_F(JobSchedulerWaiting, WhatCouldNotBeReadHoldsUpTheOthersForAMoment) {
  const ReadyPair first = make_ready(10);
  make_ready(20);
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::failed;
  end(first, start_one(), outcome);
  EXPECT_THAT(reasons(), ElementsAre(Pair("unreadable", 2)));
}

TEST_F(JobSchedulerWaiting, AtAStartNoneGoesBeforeAllThatWereFoundAreKnown) {
  scheduler_.wait_for_scan(now_ + 1s);
  make_ready(20);
  EXPECT_EQ(start_one(), 0U);
  EXPECT_EQ(scheduler_.wake_at(), now_ + 1s);
  const ReadyPair older = make_pair(10);
  scheduler_.on_ready(older, now_);
  scheduler_.on_scanned();
  EXPECT_EQ(start_one(), 0U) << "the ledger is still asked about one";
  scheduler_.on_looked_up(older, nullptr, 0ms, now_);
  scheduler_.pump(now_);
  const auto actions = scheduler_.take_actions();
  ASSERT_FALSE(actions.empty());
  EXPECT_EQ(actions.back().pair.job, older.job);
}

TEST_F(JobSchedulerWaiting, AtAStartAScanIsNotWaitedForLong) {
  scheduler_.wait_for_scan(now_ + 1s);
  make_ready(20);
  EXPECT_EQ(start_one(), 0U);
  now_ += 1s;
  EXPECT_NE(start_one(), 0U);
}

TEST_F(JobSchedulerWaiting, ADoubtThatIsToBeRepeatedWaitsForThat) {
  rules_.repeats_doubts = true;
  scheduler_.change_rules(limits_, rules_, now_);
  const ReadyPair first = make_ready(10);
  end(first, start_one(), judged(Verdict::doubt));
  EXPECT_THAT(reasons(), ElementsAre(Pair("repeat", 1)));
}

TEST_F(JobSchedulerWaiting, TheDaysCapIsAReason) {
  limits_.per_day = 1;
  scheduler_.change_rules(limits_, rules_, now_);
  const ReadyPair first = make_ready(10);
  make_ready(20);
  end(first, start_one(), judged(Verdict::accepted));
  EXPECT_THAT(reasons(), ElementsAre(Pair("per_day", 1)));
  EXPECT_EQ(scheduler_.lane().spent_within_day(now_), 1U);
  EXPECT_EQ(scheduler_.lane().spent_within_day(now_ + 25h), 0U);
}

TEST_F(JobSchedulerWaiting, TheDaysCapComesBeforeAPauseThatItKeepsFromEnding) {
  limits_.per_day = 1;
  scheduler_.change_rules(limits_, rules_, now_);
  const ReadyPair first = make_ready(10);
  make_ready(20);
  end(first, start_one(), judged(Verdict::throttled));
  now_ += 10min;
  end(first, start_one(), judged(Verdict::doubt));
  now_ += 10min;
  start_one();
  EXPECT_THAT(reasons(), ElementsAre(Pair("per_day", 1)));
}

TEST_F(JobSchedulerWaiting, TheRateIsAReason) {
  limits_.per_minute = 1;
  scheduler_.change_rules(limits_, rules_, now_);
  const ReadyPair first = make_ready(10);
  make_ready(20);
  end(first, start_one(), judged(Verdict::accepted));
  EXPECT_THAT(reasons(), ElementsAre(Pair("per_minute", 1)));
}

}  // namespace
}  // namespace reeld
