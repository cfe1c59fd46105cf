#include "scheduler/start_conditions.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

constexpr SteadyTime start{};
constexpr auto second = std::chrono::seconds(1);

TEST(StartConditions, AllowWhatNothingForbids) {
  const StartConditions conditions;
  EXPECT_TRUE(conditions.is_allowed());
  EXPECT_EQ(conditions.wait_reason(), std::nullopt);
  EXPECT_LE(conditions.earliest_start(), start);
}

TEST(StartConditions, EachSaysWhyItForbids) {
  StartConditions conditions;
  conditions.set_ledger_well(false);
  EXPECT_EQ(conditions.wait_reason(), WaitReason::ledger);
  conditions.set_held(true);
  EXPECT_EQ(conditions.wait_reason(), WaitReason::held);
  conditions.close();
  EXPECT_EQ(conditions.wait_reason(), WaitReason::stopping);
  EXPECT_FALSE(conditions.is_allowed());
}

TEST(StartConditions, TheLaterOfScanAndBrakeCounts) {
  StartConditions conditions;
  conditions.wait_until(start + second);
  conditions.brake_until(start + 2 * second);
  EXPECT_EQ(conditions.earliest_start(), start + 2 * second);
  EXPECT_TRUE(conditions.is_braked(start + second));
  conditions.brake_until(start);
  EXPECT_EQ(conditions.earliest_start(), start + second);
  conditions.open_now();
  EXPECT_LE(conditions.earliest_start(), start);
}

}  // namespace
}  // namespace reeld
