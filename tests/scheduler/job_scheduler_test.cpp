#include "core/said_known.hpp"
#include "scheduler/job_scheduler_fixture.hpp"

namespace reeld {
namespace {

TEST_F(JobSchedulerTest, APairIsAskedAboutSentRecordedAndPublished) {
  scheduler_.on_ready(s_, now_);
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  EXPECT_EQ(scheduler_.waiting(), 1U);
  look_up(s_, std::nullopt);
  EXPECT_THAT(actions(), ElementsAre("start s"));
  AttemptOutcome outcome{Kind::judged, Verdict::accepted, {}, true, true};
  scheduler_.on_ended(s_.job, ticket_, outcome, now_, 0.0);
  EXPECT_THAT(actions(), ElementsAre("record s"));
  EXPECT_EQ(scheduler_.stage_of(s_.job), JobStage::recording);
  scheduler_.on_recorded(s_.job, now_);
  EXPECT_THAT(actions(), ElementsAre("publish s accepted"));
  EXPECT_EQ(scheduler_.finishing(), 1U);
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("forget s"));
  EXPECT_FALSE(scheduler_.contains(s_.job));
  EXPECT_EQ(scheduler_.finishing(), 0U);
}

TEST_F(JobSchedulerTest, WhatTheLedgerKnowsIsNotSent) {
  make_ready(s_, make_known(s_, LedgerState::accepted));
  EXPECT_THAT(actions(), ElementsAre("look_up s", "say_known s", "forget s"));
  KnownJob said = make_known(s_, LedgerState::doubt);
  said.said_mark = mark_of(*recognize_as(s_, said));
  make_ready(s_, said);
  EXPECT_THAT(actions(), ElementsAre("look_up s", "forget s")) << "said once";
}

TEST_F(JobSchedulerTest, APairThatChangesAgainAndAgainWhileItIsSentWaitsAndThatIsSaidOnce) {
  begin(s_);
  ReadyPair next = s_;
  for (int change = 1; change <= 4; ++change) {
    scheduler_.on_gone(s_.job);
    next.identity.prompt.inode += 100;
    scheduler_.on_ready(next, now_);
    end(next, Verdict::unsent, false, Kind::stale);
    look_up(next, std::nullopt);
    const auto at_once = actions();
    EXPECT_EQ(std::ranges::count(at_once, "say_busy s"), change == 3 ? 1 : 0);
    EXPECT_EQ(std::ranges::count(at_once, "start s"), change < 3 ? 1 : 0) << "it waits";
    now_ += 60s;
    EXPECT_EQ(std::ranges::count(actions(), "start s"), change < 3 ? 0 : 1);
  }
}

TEST_F(JobSchedulerTest, AMovedPairsResultGoesWithIt) {
  KnownJob known = make_known(s_, LedgerState::accepted);
  known.name.stem = "elsewhere";
  make_ready(s_, known);
  EXPECT_THAT(actions(), ElementsAre("look_up s", "move_result s"));
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("forget s"));
}

TEST_F(JobSchedulerTest, ARefusalThatNobodyWasToldOfIsWrittenAndNotSent) {
  make_ready(s_, make_known(s_, LedgerState::refused));
  EXPECT_THAT(actions(), ElementsAre("look_up s", "move_result s"));
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("look_again s")) << "its error file may be gone already";
}

TEST_F(JobSchedulerTest, WhatMayBeSentAgainIs) {
  for (const auto state : {LedgerState::unsent, LedgerState::refused, LedgerState::reopened}) {
    const ReadyPair pair = make_pair(std::string(word_of(state)), 100);
    KnownJob known = make_known(pair, state);
    known.is_published = state == LedgerState::refused;
    make_ready(pair, known);
    EXPECT_EQ(actions().back(), "start " + pair.job.stem);
    end(pair, Verdict::accepted);
    scheduler_.on_published(pair.job);
    actions();
  }
}

TEST_F(JobSchedulerTest, UnsentKeepsItsPlaceAndGoesToTheEndTheThirdTime) {
  begin(s_);
  const ReadyPair younger = make_pair("t", 20);
  make_ready(younger);
  for (int i = 0; i < 2; ++i) {
    end(s_, Verdict::unsent, false);
    now_ += 10min;
    EXPECT_EQ(actions().back(), "start s");
  }
  end(s_, Verdict::unsent, false);
  now_ += 10min;
  EXPECT_THAT(actions(), ElementsAre("start t"));
}

/// An API may answer 403 for what is one pair's fault: it must not be the probe for ever.
TEST_F(JobSchedulerTest, WhatMeetsAccountIsNotTheNextProbe) {
  begin(s_);
  const ReadyPair younger = make_pair("t", 20);
  make_ready(younger);
  end(s_, Verdict::account);
  now_ += 10min;
  EXPECT_THAT(actions(), ElementsAre("look_up t", "record s", "start t"));
  end(younger, Verdict::accepted);
  EXPECT_THAT(actions(), ElementsAre("record t", "publish t accepted", "start s"))
      << "the lane is open again, and the pair's turn comes";
}

/// A gateway that has no channel for one pair's own model must not stop its whole folder.
TEST_F(JobSchedulerTest, SoDoesOneThatIsThrottledThreeTimesRunning) {
  begin(s_);
  const ReadyPair younger = make_pair("t", 20);
  make_ready(younger);
  end(s_, Verdict::throttled);
  for (int i = 0; i < 3; ++i) {
    now_ += 10min;
    EXPECT_EQ(actions().back(), "start s") << i;
    end(s_, Verdict::throttled);
  }
  now_ += 10min;
  EXPECT_EQ(actions().back(), "start t");
}

TEST_F(JobSchedulerTest, AProbeThatMeetsSomethingElseInBetweenKeepsItsPlace) {
  begin(s_);
  make_ready(make_pair("t", 20));
  for (const Verdict verdict : {Verdict::throttled, Verdict::throttled, Verdict::throttled, Verdict::unsent,
                                Verdict::throttled, Verdict::throttled}) {
    sends_body_ = verdict != Verdict::unsent;  // its connection was not even made
    end(s_, verdict);
    now_ += 10min;
    EXPECT_EQ(actions().back(), "start s");
  }
}

TEST_F(JobSchedulerTest, TheSameFilesElsewhereWaitForWhatComesOfThem) {
  begin(s_);
  ReadyPair linked = s_;
  linked.job.stem = "t";
  make_ready(linked, make_known(s_, LedgerState::intended));
  EXPECT_THAT(actions(), ElementsAre("look_up t"));
  end(s_, Verdict::accepted);
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s accepted", "look_up t", "forget s"));
  look_up(linked, make_known(s_, LedgerState::accepted));
  EXPECT_THAT(actions(), ElementsAre("move_result t"));
}

TEST_F(JobSchedulerTest, TheSameFilesThatWereAskedAboutBeforeTheOthersWereSentWaitToo) {
  make_ready(s_);
  ReadyPair linked = s_;
  linked.job.stem = "t";
  linked.age_ns += 1;
  make_ready(linked);
  EXPECT_THAT(actions(), ElementsAre("look_up s", "look_up t", "start s"));
  end(s_, Verdict::unsent, false);
  now_ += 10min;
  EXPECT_THAT(actions(), ElementsAre("start s"));
  limits_.concurrency = 4;
  end(s_, Verdict::accepted);
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s accepted", "forget s", "start t"))
      << "the gate will stop it";
}

TEST_F(JobSchedulerTest, AnIntentWhoseEndIsNowhereIsAskedAboutAgain) {
  make_ready(s_, make_known(s_, LedgerState::intended));
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  now_ += 2s;
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  look_up(s_, make_known(s_, LedgerState::doubt));
  EXPECT_THAT(actions(), ElementsAre("say_known s", "forget s"));
}

TEST_F(JobSchedulerTest, AFileThatChangesWhileItIsSentStartsOver) {
  begin(s_);
  scheduler_.on_gone(s_.job);
  end(s_, Verdict::unsent, true, Kind::stale);
  EXPECT_THAT(actions(), ElementsAre("record s", "look_again s"));
  EXPECT_FALSE(scheduler_.contains(s_.job));
}

TEST_F(JobSchedulerTest, TheSuccessorOfAStalePairIsAskedAboutAtOnce) {
  begin(s_);
  ReadyPair newer = s_;
  newer.identity.prompt.mtime_ns = 999;
  scheduler_.on_gone(s_.job);
  scheduler_.on_ready(newer, now_);
  end(s_, Verdict::unsent, false, Kind::stale);
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  look_up(s_, std::nullopt);
  EXPECT_THAT(actions(), IsEmpty()) << "that was the old pair's answer";
  look_up(newer, std::nullopt);
  EXPECT_THAT(actions(), ElementsAre("start s"));
}

TEST_F(JobSchedulerTest, APaidAnswerIsPublishedThoughTheFilesHaveGone) {
  begin(s_);
  scheduler_.on_gone(s_.job);
  end(s_, Verdict::accepted);
  EXPECT_THAT(actions(), ElementsAre("record s", "publish s accepted"));
}

TEST_F(JobSchedulerTest, NoErrorFileIsWrittenForFilesThatHaveGone) {
  begin(s_);
  scheduler_.on_gone(s_.job);
  end(s_, Verdict::refused);
  EXPECT_THAT(actions(), ElementsAre("record s", "look_again s"));
}

TEST_F(JobSchedulerTest, AfterAnErrorFileIntakeLooksAgain) {
  begin(s_);
  end(s_, Verdict::refused, false, Kind::refused);
  EXPECT_THAT(actions(), ElementsAre("publish s refused"));
  scheduler_.on_published(s_.job);
  EXPECT_THAT(actions(), ElementsAre("look_again s"));
}

TEST_F(JobSchedulerTest, ABadPairGetsItsErrorFileUnlessAJobOfThatNameIsInHand) {
  scheduler_.on_bad(s_.job);
  EXPECT_THAT(actions(), ElementsAre("publish s refused"));
  scheduler_.on_bad(s_.job);
  EXPECT_THAT(actions(), IsEmpty());
  scheduler_.on_gone(s_.job);
  EXPECT_TRUE(scheduler_.is_superseded(s_.job));
}

TEST_F(JobSchedulerTest, WhatCannotBeReadWaitsLongerEachTimeAndBrakesTheRest) {
  begin(s_);
  make_ready(make_pair("t", 20));
  end(s_, Verdict::unsent, false, Kind::failed);
  EXPECT_THAT(actions(), ElementsAre("look_up t"));
  EXPECT_EQ(scheduler_.wake_at(), now_ + 1s);
  now_ += 1s;
  EXPECT_THAT(actions(), ElementsAre("start s"));
  end(s_, Verdict::unsent, false, Kind::failed);
  now_ += 1s;
  EXPECT_THAT(actions(), ElementsAre("start t"));
}

TEST_F(JobSchedulerTest, NothingStartsWhileHeldOrClosedOrWithoutALedger) {
  make_ready(s_);
  scheduler_.set_held(true);
  EXPECT_THAT(actions(), ElementsAre("look_up s"));
  scheduler_.set_held(false);
  scheduler_.set_ledger_well(false);
  EXPECT_THAT(actions(), IsEmpty());
  scheduler_.set_ledger_well(true);
  scheduler_.close();
  EXPECT_THAT(actions(), IsEmpty());
  EXPECT_EQ(scheduler_.waiting(), 1U);
}

}  // namespace
}  // namespace reeld
