// JobScheduler: doubts that are to be repeated, once.

#include "scheduler/job_scheduler_fixture.hpp"

namespace reeld {
namespace {

class JobSchedulerRepeatTest : public JobSchedulerTest {
 protected:
  JobSchedulerRepeatTest() {
    rules_.repeats_doubts = true;
    scheduler_.change_rules(limits_, rules_, now_);
  }
  void reach_repeat() {
    begin(s_);
    end(s_, Verdict::doubt);
    EXPECT_THAT(actions(), ElementsAre("record s"));
    now_ += limits_.doubt_pause;
    EXPECT_THAT(actions(), ElementsAre("start s again"));
  }
};

TEST_F(JobSchedulerRepeatTest, ADoubtIsRepeatedOnceAndThenHeld) {
  reach_repeat();
  end(s_, Verdict::doubt);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s doubt"));
}

/// A second one would be paid for, too.
TEST_F(JobSchedulerRepeatTest, WhatNamesAJobIsNotRepeated) {
  begin(s_);
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::judged;
  outcome.verdict = Verdict::doubt;
  outcome.has_intent = outcome.names_job = true;
  scheduler_.on_ended(s_.job, ticket_, outcome, now_, 0.0);
  scheduler_.on_recorded(s_.job, now_);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s doubt"));
}

TEST_F(JobSchedulerRepeatTest, ARepeatThatWasNotSentIsStillTheOneRepeat) {
  reach_repeat();
  end(s_, Verdict::unsent, false);
  now_ += 10min;
  EXPECT_THAT(actions(), ElementsAre("start s again"));
  end(s_, Verdict::refused);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s doubt"))
      << "whether the first came through nobody knows";
}

TEST_F(JobSchedulerRepeatTest, AnAcceptedRepeatSettlesIt) {
  reach_repeat();
  end(s_, Verdict::accepted);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s accepted"));
}

TEST_F(JobSchedulerRepeatTest, WhoseFilesGoBeforeTheRepeatIsHeld) {
  begin(s_);
  end(s_, Verdict::doubt);
  actions();
  scheduler_.on_gone(s_.job);
  EXPECT_THAT(actions(), ElementsAre("publish s doubt"));
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("forget s"));
}

TEST_F(JobSchedulerRepeatTest, ANewWordHoldsWhatWasToBeRepeated) {
  begin(s_);
  end(s_, Verdict::doubt);
  actions();
  scheduler_.change_rules(limits_, SchedulerRules{}, now_);
  EXPECT_THAT(actions(), ElementsAre("publish s doubt"));
}

TEST_F(JobSchedulerRepeatTest, APersonsWordGoesBeforeTheRepeat) {
  begin(s_);
  end(s_, Verdict::doubt);
  actions();
  scheduler_.on_ready(s_, now_);  // `reeld resolve --not-accepted` has asked for a look
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  look_up(s_, make_known(s_, LedgerState::unsent));
  EXPECT_THAT(actions(), ElementsAre("start s")) << "not as a repeat";
}

TEST_F(JobSchedulerRepeatTest, ALookThatFindsTheDoubtStillThereChangesNothing) {
  begin(s_);
  end(s_, Verdict::doubt);
  actions();
  scheduler_.on_ready(s_, now_);
  KnownJob known = make_known(s_, LedgerState::doubt);
  known.repeat_at = SystemTime{};
  look_up(s_, known, limits_.doubt_pause);
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  now_ += limits_.doubt_pause;
  EXPECT_THAT(actions(), ElementsAre("start s again"));
}

TEST_F(JobSchedulerRepeatTest, WhenIntakeBeginsAnewARepeatStaysAndWhatWaitsGoes) {
  begin(s_);
  end(s_, Verdict::doubt);
  const ReadyPair waiting = make_pair("w", 30);
  make_ready(waiting);
  actions();  // it is sent
  const ReadyPair later = make_pair("x", 50);
  scheduler_.on_ready(later, now_);
  scheduler_.drop_waiting();
  EXPECT_TRUE(scheduler_.contains(s_.job));
  EXPECT_TRUE(scheduler_.contains(waiting.job)) << "it is under way";
  EXPECT_FALSE(scheduler_.contains(later.job));
  EXPECT_EQ(scheduler_.waiting(), 1U);
  actions();
  end(waiting, Verdict::unsent, false);
  EXPECT_THAT(actions(), ElementsAre("look_again w")) << "perhaps it is not of the spool any more";
}

TEST_F(JobSchedulerTest, AResultGivesWayToAPersonsWord) {
  begin(s_);
  EXPECT_FALSE(scheduler_.is_superseded(s_.job));
  scheduler_.on_ready(s_, now_);
  EXPECT_TRUE(scheduler_.is_superseded(s_.job));
}

TEST_F(JobSchedulerRepeatTest, ARepeatThatWasDueBeforeTheRestartIsStillDue) {
  KnownJob known = make_known(s_, LedgerState::doubt);
  known.repeat_at = SystemTime{};
  scheduler_.on_ready(s_, now_);
  look_up(s_, known, 30s);
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  now_ += 30s;
  EXPECT_THAT(actions(), ElementsAre("start s again"));
}

TEST_F(JobSchedulerTest, ARepeatIsHeldWhereTheRulesNoLongerWantIt) {
  KnownJob known = make_known(s_, LedgerState::doubt);
  known.repeat_at = SystemTime{};
  make_ready(s_, known);
  EXPECT_THAT(actions(), ElementsAre("look_up s", "move_result s"));
}

}  // namespace
}  // namespace reeld
