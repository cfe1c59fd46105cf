#include "scheduler/stage_counts.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(StageCounts, CountWhatIsAskedSuspectedAndFinishing) {
  StageCounts counts;
  counts.enter(JobStage::asked);
  counts.enter(JobStage::suspected);
  counts.enter(JobStage::recording);
  counts.enter(JobStage::publishing);
  counts.enter(JobStage::waiting);
  EXPECT_EQ(counts.asked(), 1U);
  EXPECT_EQ(counts.suspected(), 1U);
  EXPECT_EQ(counts.finishing(), 2U);
  counts.leave(JobStage::recording);
  EXPECT_EQ(counts.finishing(), 1U);
}

TEST(StageCounts, AQuestionThatWaitsForFilesIsNotOneThatTheLedgerOwes) {
  StageCounts counts;
  counts.enter(JobStage::asked);
  counts.block();
  EXPECT_EQ(counts.unanswered(), 0U);
  counts.unblock();
  EXPECT_EQ(counts.unanswered(), 1U);
}

TEST(StageCountsDeathTest, NoneGoesBelowZero) {
  StageCounts counts;
  EXPECT_DEATH(counts.leave(JobStage::asked), "every answer of the ledger was asked for");
  EXPECT_DEATH(counts.end_reading(), "every reading that ends was begun");
}

}  // namespace
}  // namespace reeld
