// Is it the pair, or a wall? Where the answer is 413, images may be too large, and those that are smaller are
// not.

#include "scheduler/wall_fixture.hpp"

namespace reeld {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

class JobSchedulerSizeTest : public JobSchedulerWallTest {
 protected:
  static constexpr std::uint64_t large = 20;
  static constexpr std::uint64_t small = 5;

  void make_large(int count, const std::string& prefix = "large") {
    for (int i = 0; i < count; ++i) make_ready(prefix + std::to_string(i), "a", large);
  }
  /// That one, which is under way, is refused; whatever is next goes out.
  std::vector<std::string> refuse(const std::string& stem) {
    end_refused(stem, "413");
    return act();
  }
  void accept_small() {
    make_ready("first", "a", small);
    EXPECT_THAT(act(), ElementsAre("start first"));
    end("first", Verdict::accepted);
    act();
  }
  void refuse_three_large() {
    make_large(3);
    for (const char* const stem : {"large0", "large1", "large2"}) {
      act();
      refuse(stem);
    }
  }
  /// Three large ones, and `more` besides of which the first is refused as well: the lane is paused for them.
  void pause_for_large(int more) {
    accept_small();
    refuse_three_large();
    make_large(more, "more");
    act();
    refuse("more0");
    ASSERT_EQ(scheduler_.lane().pause(), Pause::refused);
  }
  /// The lane is paused for large ones while the answer to `older` is awaited still.
  void pause_with_one_under_way() {
    accept_small();
    make_ready("older", "a", large);
    make_large(5);
    ASSERT_THAT(act(), ElementsAre("start older", "start large0"));
    for (int i = 0; i < 4; ++i) refuse("large" + std::to_string(i));
    ASSERT_EQ(scheduler_.lane().pause(), Pause::refused);
  }
};

/// A front that takes images up to a size, and more large ones than are looked at for other fields.
TEST_F(JobSchedulerSizeTest, WhatIsTooLargeIsProvenWithTheSmallestOfAll) {
  make_large(80);
  make_ready("small", "a", small);
  act();
  refuse("large0");
  refuse("large1");
  EXPECT_THAT(refuse("large2"), Contains("start small"));
  EXPECT_THAT(candidates_, ElementsAre("small"));
  refuse("small");
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
}

/// It may be the prompt that is too large, or a field: then the size of the image tells nothing.
TEST_F(JobSchedulerSizeTest, WhileThatPausesTheLaneEachIsTriedBeforeOneIsTriedAgain) {
  for (const char* const stem : {"a", "b", "c", "d"}) make_ready(stem, "a", small);
  act();
  for (const char* const stem : {"a", "b", "c", "d"}) refuse(stem);
  ASSERT_EQ(scheduler_.lane().pause(), Pause::refused);
  make_ready("good", "a", large);
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start good"));
  end("good", Verdict::accepted);
  act();
  EXPECT_EQ(scheduler_.lane().pause(), Pause::none);
}

TEST_F(JobSchedulerSizeTest, WhatIsTooLargeDoesNotStopWhatIsNot) {
  accept_small();
  make_ready("under way", "a", small);
  make_large(4);
  EXPECT_THAT(act(), ElementsAre("start under way", "start large0"));
  for (const char* const stem : {"large0", "large1", "large2", "large3"}) {
    EXPECT_THAT(refuse(stem), Contains("publish " + std::string(stem) + " refused"));
    EXPECT_EQ(scheduler_.lane().pause(), Pause::none) << stem;
  }
}

/// However many are small and were accepted before: nothing is accepted any more.
TEST_F(JobSchedulerSizeTest, WhereAllThatWaitIsTooLargeItIsAWall) {
  accept_small();
  refuse_three_large();
  EXPECT_EQ(scheduler_.lane().pause(), Pause::none) << "the third of three: there is none to ask with";
  make_large(5, "more");
  act();
  refuse("more0");
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
  EXPECT_THAT(act(), Not(Contains("start more1")));
}

TEST_F(JobSchedulerSizeTest, WhatIsNotNeedNotWaitForTheEndOfThatPause) {
  pause_for_large(2);
  make_ready("small", "a", small);
  EXPECT_THAT(act(), ElementsAre("start small")) << "at once, and none that is too large";
  end("small", Verdict::accepted);
  EXPECT_THAT(act(), Contains("start more1"));
}

TEST_F(JobSchedulerSizeTest, NorIsItTriedAgainAtOnceWhereItIsNotTakenAnyMore) {
  pause_for_large(2);
  make_ready("small", "a", small);
  EXPECT_THAT(act(), ElementsAre("start small"));
  EXPECT_THAT(refuse("small"), Not(Contains("start small")));
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
}

/// Answers to what was under way when the lane was paused do not change what it is paused for.
class JobSchedulerOlderAnswerTest : public JobSchedulerSizeTest,
                                    public ::testing::WithParamInterface<Verdict> {};

TEST_P(JobSchedulerOlderAnswerTest, LetsWhatIsSmallGoAllTheSame) {
  pause_with_one_under_way();
  end("older", GetParam(), About::pair_alone);
  act();
  make_ready("small", "a", small);
  EXPECT_THAT(act(), ElementsAre("start small"));
}

INSTANTIATE_TEST_SUITE_P(, JobSchedulerOlderAnswerTest,
                         ::testing::Values(Verdict::accepted, Verdict::refused, Verdict::doubt));

TEST_F(JobSchedulerSizeTest, ButNotWhereAnOlderAnswerAsksForAWait) {
  pause_with_one_under_way();
  AttemptOutcome throttled;
  throttled.kind = AttemptOutcome::Kind::judged;
  throttled.verdict = Verdict::throttled;
  throttled.wait = 1s;  // shorter than the pause that there is
  scheduler_.on_ended(pairs_.at("older").job, tickets_.at("older"), throttled, now_, 0.0);
  make_ready("small", "a", small);
  EXPECT_THAT(act(), Not(Contains("start small")));
}

/// What is small ends no pause that has another reason by now.
TEST_F(JobSchedulerSizeTest, NorDoesItPassAPauseThatTheApiHasAskedFor) {
  pause_for_large(3);
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start more1"));
  AttemptOutcome throttled;
  throttled.kind = AttemptOutcome::Kind::judged;
  throttled.verdict = Verdict::throttled;
  throttled.wait = std::chrono::minutes(30);
  scheduler_.on_ended(pairs_.at("more1").job, tickets_.at("more1"), throttled, now_, 0.0);
  act();
  make_ready("small", "a", small);
  EXPECT_THAT(act(), Not(Contains("start small")));
}

/// One that is small and was refused itself says nothing for the large ones.
TEST_F(JobSchedulerSizeTest, ALimitBelowEverythingBurnsNothing) {
  pause_for_large(2);
  make_ready("small", "a", small);
  act();
  refuse("small");
  now_ += LaneLimits{}.account_retry;
  EXPECT_THAT(act(), ElementsAre("start more1"));
  EXPECT_THAT(refuse("more1"), Not(Contains("publish more1 refused")));
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
}

/// One that is as large as one that was accepted is not too large by itself.
TEST_F(JobSchedulerSizeTest, ALimitThatWasLoweredIsAWallForAll) {
  accept_small();
  for (int i = 0; i < 5; ++i) make_ready("small" + std::to_string(i), "a", small);
  act();
  for (int i = 0; i < 5; ++i) refuse("small" + std::to_string(i));
  EXPECT_EQ(scheduler_.lane().pause(), Pause::refused);
}

}  // namespace
}  // namespace reeld
