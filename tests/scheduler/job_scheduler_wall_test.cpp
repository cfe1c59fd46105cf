// Is it the pair, or a wall before all of them? What the scheduler makes of scheduler/wall's rulings.

#include <gmock/gmock.h>

#include "scheduler/wall_fixture.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST_F(JobSchedulerWallTest, APageForAllPausesOnceAnotherPairHasMetIt) {
  make_ready("one");
  make_ready("two");
  make_ready("far", "b");
  EXPECT_THAT(act(), ElementsAre("start one"));
  EXPECT_EQ(end_with_page("one").kind, LaneTransition::Kind::nothing) << "not proven";
  EXPECT_THAT(act("far"), ElementsAre("record one account", "start far"));
  EXPECT_THAT(candidates_, UnorderedElementsAre("two", "far"));
  EXPECT_EQ(unlike_.folder, "a");
  EXPECT_EQ(unlike_.fields, "fields of one");
  EXPECT_EQ(stage("one"), JobStage::suspected);
  EXPECT_EQ(count(WaitReason::proof), 2U) << "the suspect, and the one that waits for its turn";
  const LaneTransition change = end_with_page("far");
  EXPECT_EQ(change.kind, LaneTransition::Kind::paused);
  EXPECT_EQ(change.pause, Pause::account);
  EXPECT_THAT(act(), ElementsAre("record far account"));
  EXPECT_EQ(count(WaitReason::account), 3U) << "all keep their places";
  // The pause's probe is a pair that has not met it.
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start two"));
  EXPECT_EQ(end("two", Verdict::accepted).kind, LaneTransition::Kind::resumed);
  EXPECT_THAT(act(),
              UnorderedElementsAre("record two accepted", "publish two accepted", "start one", "start far"));
}

/// It may be a model of its own that the key may not use.
TEST_F(JobSchedulerWallTest, TheProbeOfAnyPauseIsAPairThatHasNotMetIt) {
  for (const char* const stem : {"one", "two", "three"}) make_ready(stem);
  EXPECT_THAT(act(), ElementsAre("start one"));
  EXPECT_EQ(end("one", Verdict::account).kind, LaneTransition::Kind::paused);
  EXPECT_THAT(act(), ElementsAre("record one account"));
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start two"));
  end("two", Verdict::account);
  act();
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start three"));
  EXPECT_EQ(end("three", Verdict::accepted).kind, LaneTransition::Kind::resumed);
  EXPECT_THAT(act(), UnorderedElementsAre("record three accepted", "publish three accepted", "start one",
                                          "start two"));
}

TEST_F(JobSchedulerWallTest, APageForOnePairIsItsOwn) {
  make_ready("odd");
  make_ready("good");
  act();
  end_with_page("odd");
  EXPECT_THAT(act(), ElementsAre("record odd account", "start good"));
  EXPECT_EQ(end("good", Verdict::accepted).kind, LaneTransition::Kind::nothing);
  EXPECT_THAT(act(), UnorderedElementsAre("record odd refused", "record good accepted", "publish odd refused",
                                          "publish good accepted"));
  EXPECT_EQ(scheduler_.lane().pause(), Pause::none);
}

TEST_F(JobSchedulerWallTest, TwoOddPairsAreNotAWallForEver) {
  make_ready("odd1");
  make_ready("odd2");
  act();
  end_with_page("odd1");
  EXPECT_THAT(act(), ElementsAre("record odd1 account", "start odd2"));
  EXPECT_EQ(end_with_page("odd2").kind, LaneTransition::Kind::paused);
  make_ready("good");
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ::testing::Contains("start good"));
  EXPECT_EQ(end("good", Verdict::accepted).kind, LaneTransition::Kind::resumed);
  EXPECT_THAT(act(), ::testing::Contains("start odd1"));
  for (int i = 0; i < 6; ++i) {
    for (const char* const stem : {"odd1", "odd2"}) {
      if (stage(stem) == JobStage::sending) end_with_page(stem);
    }
    act();
    now_ += 1s;
    act();
  }
  EXPECT_EQ(scheduler_.waiting() + scheduler_.lane().in_flight(), 0U) << "each has its error file";
  EXPECT_EQ(scheduler_.lane().pause(), Pause::none);
}

/// They came one after the other: there was no third to ask.
TEST_F(JobSchedulerWallTest, WhatTwoHaveMetIsAskedAboutWithTheNextThatComes) {
  make_ready("one");
  for (int i = 0; i < 3; ++i) {
    act();
    end_with_page("one");
    act();
    now_ += 1s;
  }
  make_ready("two");
  EXPECT_THAT(act(), ::testing::Contains("start two"));
  EXPECT_EQ(end_with_page("two").kind, LaneTransition::Kind::paused);
  EXPECT_THAT(act(), ::testing::Not(::testing::Contains("start two")));
  make_ready("three");
  EXPECT_THAT(act(), ElementsAre("start three")) << "at once";
  end_with_page("three");
  act();
  make_ready("four");
  EXPECT_THAT(act(), IsEmpty()) << "three have met it";
}

TEST_F(JobSchedulerWallTest, TheOnlyPairIsAskedWithAgainAndThenRefused) {
  make_ready("only");
  EXPECT_THAT(act(), ElementsAre("start only"));
  end_with_page("only");
  EXPECT_THAT(act(), ElementsAre("record only account")) << "another may come";
  EXPECT_EQ(scheduler_.wake_at(), now_ + 1s);
  EXPECT_EQ(scheduler_.waiting(), 1U) << "a drain goes on";
  now_ += 1s;
  EXPECT_THAT(act(), ElementsAre("start only"));
  end_with_page("only");
  EXPECT_THAT(act(), ElementsAre("record only account"));
  now_ += 1s;
  EXPECT_THAT(act(), ElementsAre("start only"));
  EXPECT_EQ(end_with_page("only").kind, LaneTransition::Kind::nothing);
  EXPECT_THAT(act(), ElementsAre("record only refused", "publish only refused"));
  EXPECT_EQ(scheduler_.waiting(), 0U);
}

TEST_F(JobSchedulerWallTest, APairThatComesMeanwhileIsAskedWith) {
  make_ready("first");
  act();
  end_with_page("first");
  EXPECT_THAT(act(), ElementsAre("record first account"));
  make_ready("late");
  EXPECT_THAT(act(), ElementsAre("start late"));
}

TEST_F(JobSchedulerWallTest, ThreeLikeRefusalsArePausedForAndTheirFilesWithdrawn) {
  for (const char* const stem : {"a", "b", "c", "d", "e"}) make_ready(stem);
  for (const std::string stem : {"a", "b", "c"}) {
    EXPECT_THAT(act(), ::testing::Contains("start " + stem));
    EXPECT_EQ(end_refused(stem).kind, LaneTransition::Kind::nothing);
  }
  EXPECT_THAT(act(), ElementsAre("record c refused", "publish c refused", "start d"));
  const LaneTransition change = end_refused("d");
  EXPECT_EQ(change.kind, LaneTransition::Kind::paused);
  EXPECT_EQ(change.pause, Pause::refused);
  EXPECT_THAT(act(), UnorderedElementsAre("record d account", "withdraw a", "withdraw b", "withdraw c"))
      << "the ledger must not take it for refused: it keeps its place";
  EXPECT_EQ(count(WaitReason::refused), 2U);
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start e")) << "which has not met it";
  EXPECT_EQ(end_refused("e").kind, LaneTransition::Kind::nothing) << "the same pause goes on";
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
  EXPECT_THAT(act(), ElementsAre("record e account"));
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start d"));
  EXPECT_EQ(end("d", Verdict::accepted).kind, LaneTransition::Kind::resumed);
}

TEST_F(JobSchedulerWallTest, ThreeRefusalsOfOneAuthorStopNobodyElse) {
  for (const char* const stem : {"a", "b", "c", "good"}) make_ready(stem);
  for (const char* const stem : {"a", "b", "c"}) {
    act();
    end_refused(stem);
  }
  act();
  end("good", Verdict::accepted);
  EXPECT_THAT(act(), ElementsAre("record good accepted", "publish good accepted"));
  EXPECT_EQ(scheduler_.lane().pause(), Pause::none);
  make_ready("next");
  EXPECT_THAT(act(), ElementsAre("start next"));
}

TEST_F(JobSchedulerWallTest, WhereNothingElseWaitsThreeRefusalsAreThree) {
  for (const char* const stem : {"a", "b", "c"}) {
    make_ready(stem);
    act();
    end_refused(stem);
  }
  act();
  EXPECT_EQ(scheduler_.waiting(), 0U);
  now_ += 1s;
  act();
  make_ready("later");
  EXPECT_THAT(act(), ElementsAre("start later"));
  end_refused("later");
  EXPECT_THAT(act(), ElementsAre("record later refused", "publish later refused"))
      << "the same mistake again, most likely: it is told at once";
}

TEST_F(JobSchedulerWallTest, ASecondPairThatWouldBeAloneProvesIt) {
  make_ready("first");
  for (int i = 0; i < 3; ++i) {
    act();
    end_with_page("first");
    act();
    now_ += 1s;
  }
  EXPECT_EQ(scheduler_.waiting(), 0U) << "it has its error file";
  make_ready("second");
  EXPECT_THAT(act(), ElementsAre("start second"));
  EXPECT_EQ(end_with_page("second").kind, LaneTransition::Kind::paused);
  EXPECT_THAT(act(), UnorderedElementsAre("record second account", "withdraw first"));
}

/// What it meets was shown to be a pair's own: another was accepted while it was asked.
TEST_F(JobSchedulerWallTest, NoOtherIsTakenForProofOfWhatIsAPairsOwn) {
  make_ready("first");
  make_ready("good");
  act();
  end_with_page("first");
  act();
  end("good", Verdict::accepted);
  act();
  for (const char* const stem : {"second", "third"}) {
    make_ready(stem);
    for (int i = 0; i < 3; ++i) {
      EXPECT_THAT(act(), ElementsAre(std::string("start ") + stem));
      EXPECT_EQ(end_with_page(stem).kind, LaneTransition::Kind::nothing);
      act();
      now_ += 1s;
    }
  }
  EXPECT_EQ(scheduler_.waiting(), 0U) << "each has its error file";
  EXPECT_EQ(scheduler_.lane().pause(), Pause::none);
}

TEST_F(JobSchedulerWallTest, ASuspectWhoseFilesGoIsForgotten) {
  make_ready("gone");
  act();
  end_with_page("gone");
  act();
  scheduler_.on_gone(pairs_.at("gone").job);
  EXPECT_FALSE(scheduler_.contains(pairs_.at("gone").job));
  make_ready("next");
  EXPECT_THAT(act(), ElementsAre("start next"));
  end_with_page("next");
  act();
  EXPECT_EQ(stage("next"), JobStage::suspected);
  make_ready("next");
  EXPECT_THAT(act(), ElementsAre("start next")) << "it was replaced";
}

TEST_F(JobSchedulerWallTest, AReloadSendsEverythingAgain) {
  make_ready("one");
  act();
  end_with_page("one");
  act();
  scheduler_.change_rules(LaneLimits{}, SchedulerRules{}, now_);
  EXPECT_THAT(act(), ElementsAre("start one"));
  EXPECT_FALSE(has_accepted_);
}

TEST_F(JobSchedulerWallTest, AnAttemptKnowsWhetherTheApiHasAcceptedSomething) {
  make_ready("one");
  act();
  EXPECT_FALSE(has_accepted_);
  end("one", Verdict::accepted);
  make_ready("two");
  act();
  EXPECT_TRUE(has_accepted_);
  end("two", Verdict::accepted);
  act();
  scheduler_.change_rules(LaneLimits{}, SchedulerRules{}, now_);
  make_ready("three");
  act();
  EXPECT_FALSE(has_accepted_);
}

TEST_F(JobSchedulerWallTest, NothingElseGoesOutWhileItIsProven) {
  for (const char* const stem : {"a", "b", "c", "d"}) make_ready(stem);
  act();
  end("a", Verdict::accepted);
  EXPECT_THAT(act(), ::testing::IsSupersetOf({"start b", "start c"}));
  end_with_page("b");
  EXPECT_THAT(act(), ElementsAre("record b account", "start d")) << "beside the one that is under way";
  end_with_page("c");
  EXPECT_THAT(act(), ElementsAre("record c account"));
  make_ready("e");
  EXPECT_THAT(act(), IsEmpty());
  end("d", Verdict::accepted);
  EXPECT_THAT(act(), ::testing::IsSupersetOf({"publish b refused", "publish c refused", "start e"}));
}

TEST_F(JobSchedulerWallTest, AProofThatWasNotReadIsFollowedByAnother) {
  make_ready("odd");
  make_ready("b");
  act();
  end_with_page("odd");
  act();
  end("b", Verdict::unsent);
  EXPECT_THAT(act(), ElementsAre("record b unsent"));
  now_ += 10min;
  EXPECT_THAT(act(), ElementsAre("start b"));
  end("b", Verdict::accepted);
  EXPECT_THAT(act(), ::testing::Contains("publish odd refused"));
}

TEST_F(JobSchedulerWallTest, WhatWaitsGoesOnOnceAProofIsGivenUp) {
  for (const char* const stem : {"a", "b", "c", "d"}) make_ready(stem);
  for (const char* const stem : {"a", "b", "c", "d"}) {
    act();
    end_refused(stem);
  }
  act();
  ASSERT_EQ(scheduler_.lane().pause(), Pause::refused);
  make_ready("good");
  now_ += LaneLimits{}.account_retry;
  act();
  end("good", Verdict::accepted);
  // The first three are as if their error files were gone, and are refused again; the fourth tells nothing.
  for (const char* const stem : {"a", "b", "c"}) make_ready(stem);
  for (int i = 0; i < 20 && scheduler_.waiting() + scheduler_.lane().in_flight() != 0; ++i) {
    act();
    for (const char* const stem : {"a", "b", "c", "d"}) {
      if (stage(stem) == JobStage::sending) end_refused(stem);
    }
    act();
    now_ += 1s;
  }
  EXPECT_EQ(scheduler_.waiting() + scheduler_.lane().in_flight(), 0U);
}

TEST_F(JobSchedulerWallTest, AnAnswerOfBeforeAReloadIsNoProofAndNoRefusal) {
  make_ready("old");
  make_ready("other");
  act();
  scheduler_.change_rules(LaneLimits{}, SchedulerRules{}, now_);
  EXPECT_EQ(end_with_page("old").kind, LaneTransition::Kind::nothing);
  EXPECT_THAT(act(), ElementsAre("record old account", "start other"));
  EXPECT_EQ(stage("old"), JobStage::waiting) << "it is sent again, with what is set up now";
  end("other", Verdict::accepted);
  EXPECT_THAT(act(), ::testing::Contains("start old"));
}

TEST_F(JobSchedulerWallTest, APageThatEndsAPauseForTheKeyIsProvenLikeAny) {
  make_ready("good");
  make_ready("odd");
  act();
  EXPECT_EQ(end("good", Verdict::account).kind, LaneTransition::Kind::paused);
  act();
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start odd"));
  EXPECT_EQ(end_with_page("odd").kind, LaneTransition::Kind::resumed) << "the key is taken";
  EXPECT_THAT(act(), ::testing::Contains("start good"));
  end("good", Verdict::accepted);
  EXPECT_THAT(act(), ::testing::Contains("publish odd refused"));
}

TEST_F(JobSchedulerWallTest, FilesOfAJobThatWasCreatedAndFailedAreAskedAboutUnderTheirNewName) {
  make_ready("old");
  EXPECT_THAT(act(), ElementsAre("start old"));
  // The folder is renamed while the answer is awaited: the same files, under another name.
  ReadyPair moved = pairs_.at("old");
  moved.job = {"b", "moved"};
  pairs_["moved"] = moved;
  scheduler_.on_gone(pairs_.at("old").job);
  scheduler_.on_ready(moved, now_);
  scheduler_.on_looked_up(moved, nullptr, 0ms, now_);
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::judged;
  outcome.verdict = Verdict::refused;
  outcome.about = About::pair_alone;
  outcome.has_intent = outcome.is_created = true;
  scheduler_.on_ended(pairs_.at("old").job, tickets_.at("old"), outcome, now_, 0.0);
  const auto actions = act();
  EXPECT_THAT(actions, ::testing::Not(::testing::Contains("start moved"))) << "the ledger knows by now";
  EXPECT_EQ(stage("moved"), JobStage::asked);
}

TEST_F(JobSchedulerWallTest, NoProofGoesOutWhileReeldIsHeld) {
  make_ready("one");
  make_ready("two");
  act();
  end_with_page("one");
  scheduler_.set_held(true);
  EXPECT_THAT(act(), ElementsAre("record one account"));
  scheduler_.set_held(false);
  EXPECT_THAT(act(), ElementsAre("start two"));
}

}  // namespace
}  // namespace reeld
