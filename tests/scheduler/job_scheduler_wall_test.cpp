// Is it the pair, or a wall before all of them? What the scheduler makes of scheduler/wall's rulings.

#include <gmock/gmock.h>

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class JobSchedulerWallTest : public ::testing::Test {
 protected:
  void make_ready(const std::string& stem, const std::string& folder = "a") {
    const std::uint64_t inode = 10 * ++files_;
    ReadyPair pair;
    pair.job = {folder, stem};
    pair.identity = {{1, inode, 10, 100}, {1, inode + 1, 20, 200}};
    pair.age_ns = static_cast<std::int64_t>(inode);
    pairs_[stem] = pair;
    scheduler_.on_ready(pair, now_);
    scheduler_.on_looked_up(pair, nullptr, 0ms, now_);
  }

  /// What is done, in words. Where a pair is to be chosen, that one is.
  std::vector<std::string> act(const std::string& chosen = "") {
    std::vector<std::string> out;
    scheduler_.pump(now_);
    for (auto actions = scheduler_.take_actions(); !actions.empty(); actions = scheduler_.take_actions()) {
      for (const Action& action : actions) note(action, chosen, out);
      scheduler_.pump(now_);
    }
    return out;
  }

  void note(const Action& action, const std::string& chosen, std::vector<std::string>& out) {
    const std::string& stem = action.pair.job.stem;
    switch (action.kind) {
      case Action::Kind::start:
        tickets_[stem] = action.ticket;
        has_accepted_ = action.has_accepted;
        out.push_back("start " + stem);
        return;
      case Action::Kind::choose:
        candidates_.clear();
        for (const ReadyPair& pair : action.candidates) candidates_.push_back(pair.job.stem);
        unlike_ = action.unlike;
        return scheduler_.on_chosen(pairs_.at(chosen.empty() ? candidates_.front() : chosen).job, now_);
      case Action::Kind::record:
        out.push_back("record " + stem + " " + std::string(word_of(action.verdict)));
        return scheduler_.on_recorded(action.pair.job, now_);
      case Action::Kind::publish:
        out.push_back("publish " + stem + " " + std::string(word_of(action.verdict)));
        return scheduler_.on_published(action.pair.job);
      case Action::Kind::withdraw:
        out.push_back("withdraw " + stem);
        return;
      default:
        return;
    }
  }

  LaneTransition end(const std::string& stem, Verdict verdict, About about = About::all,
                     const std::string& likeness = "") {
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.verdict = verdict;
    outcome.has_intent = true;
    outcome.about = about;
    outcome.likeness = likeness;
    outcome.fields = "fields of " + stem;
    return scheduler_.on_ended(pairs_.at(stem).job, tickets_.at(stem), outcome, now_, 0.0);
  }
  LaneTransition end_with_page(const std::string& stem) {
    return end(stem, Verdict::account, About::either, "404");
  }
  LaneTransition end_refused(const std::string& stem, const std::string& why = "400 no") {
    return end(stem, Verdict::refused, About::pair, why);
  }
  std::size_t count(WaitReason reason) const {
    WaitCounts counts{};
    scheduler_.count_waiting(counts, now_);
    return count_of(counts, reason);
  }
  JobStage stage(const std::string& stem) const { return scheduler_.stage_of(pairs_.at(stem).job); }

  JobScheduler scheduler_{LaneLimits{}, SchedulerRules{}};
  SteadyTime now_{1000s};
  std::uint64_t files_ = 0;
  std::map<std::string, ReadyPair> pairs_;
  std::map<std::string, std::uint64_t> tickets_;
  std::vector<std::string> candidates_;
  Unlike unlike_;
  bool has_accepted_ = false;
};

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
  EXPECT_THAT(act(), ElementsAre("record later refused", "publish later refused"));
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
  make_ready("odd");
  make_ready("good");
  act();
  EXPECT_EQ(end("odd", Verdict::account).kind, LaneTransition::Kind::paused);
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

/// A front that takes images up to a size, and more large ones than are looked at for other fields.
TEST_F(JobSchedulerWallTest, WhatIsTooLargeIsProvenWithTheSmallestOfAll) {
  for (int i = 0; i < 80; ++i) make_ready("large" + std::to_string(i));
  make_ready("small");
  ReadyPair small = pairs_.at("small");
  small.identity.image.size = 5;
  pairs_["small"] = small;
  scheduler_.on_ready(small, now_);
  scheduler_.on_looked_up(small, nullptr, 0ms, now_);
  for (int i = 0; i < 3; ++i) {
    act();
    end_refused("large" + std::to_string(i), "413");
  }
  EXPECT_THAT(act(), ::testing::Contains("start small"));
  EXPECT_THAT(candidates_, ElementsAre("small"));
  end_refused("small", "413");
  act();
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start small")) << "a large one would tell nothing";
}

TEST_F(JobSchedulerWallTest, OneThatIsLargerThanAnyThatWasTakenIsTooLargeByItself) {
  make_ready("small");
  act();
  end("small", Verdict::accepted);
  act();
  for (const std::uint64_t size : {21U, 20U}) {
    for (int i = 0; i < 4; ++i) {
      const std::string stem = std::to_string(size) + "-" + std::to_string(i);
      make_ready(stem);
      ReadyPair pair = pairs_.at(stem);
      pair.identity.image.size = size;
      pairs_[stem] = pair;
      scheduler_.on_ready(pair, now_);
      scheduler_.on_looked_up(pair, nullptr, 0ms, now_);
      act();
      end_refused(stem, "413");
      act();
    }
    EXPECT_EQ(scheduler_.lane().pause(), size == 20 ? Pause::refused : Pause::none) << size;
  }
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
