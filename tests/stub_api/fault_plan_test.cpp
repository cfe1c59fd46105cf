#include "stub_api/fault_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace reeld::stub {
namespace {

TEST(Faults, NamesAreUniqueAndFound) {
  const auto names = list_faults();
  for (const auto name : names) {
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1) << name;
    ASSERT_TRUE(find_fault(name)) << name;
    EXPECT_EQ(find_fault(name)->name, name);
  }
}

TEST(Faults, StatusesAreMadeUpByName) {
  EXPECT_EQ(find_fault("status-418")->status, 418);
  EXPECT_EQ(find_fault("status-418")->answer, Answer::api_error);
  EXPECT_EQ(find_fault("status-502-bare")->answer, Answer::bare);
  EXPECT_FALSE(find_fault("status-99"));
  EXPECT_FALSE(find_fault("status-"));
  EXPECT_FALSE(find_fault("status-4x4"));
}

TEST(Faults, CreatedIsASuffixOfFaultsThatReadTheBodyAndCreateNothing) {
  EXPECT_TRUE(find_fault("hang-created")->creates);
  EXPECT_TRUE(find_fault("status-500-created")->creates);
  EXPECT_FALSE(find_fault("hang-created-created"));
  EXPECT_FALSE(find_fault("hang")->creates);
  EXPECT_FALSE(find_fault("reset-before-body-created"));
  EXPECT_FALSE(find_fault("drip-created"));
  EXPECT_FALSE(find_fault("nothing-created"));
}

TEST(FaultPlan, TargetIsSplit) {
  const FaultTarget plain = split_target("/v1/videos");
  EXPECT_EQ(plain.path, "/v1/videos");
  EXPECT_TRUE(plain.steps.empty());
  const FaultTarget ordered = split_target("/fault/hang:2,html-200/v1/videos");
  EXPECT_EQ(ordered.path, "/v1/videos");
  ASSERT_EQ(ordered.steps.size(), 2U);
  EXPECT_EQ(ordered.steps[0].count, 2U);
  EXPECT_EQ(ordered.steps[1].name, "html-200");
  EXPECT_FALSE(split_target("/fault/no-such-fault/v1/videos").known);
}

TEST(FaultPlan, CountedStepsFollowEachOtherAndEnd) {
  FaultPlan plan({}, 1);
  const FaultTarget target = split_target("/fault/hang:2,html-200:1/v1/videos");
  EXPECT_EQ(plan.next(target)->name, "hang");
  EXPECT_EQ(plan.next(target)->name, "hang");
  EXPECT_EQ(plan.next(target)->name, "html-200");
  EXPECT_FALSE(plan.next(target));
  EXPECT_FALSE(plan.next(split_target("/v1/videos")));
}

TEST(FaultPlan, RandomFaultsStrikeAboutAsOftenAsOrdered) {
  FaultPlan plan({{"hang", 0.25}}, 7);
  const FaultTarget target = split_target("/v1/videos");
  int struck = 0;
  for (int i = 0; i < 1000; ++i) struck += plan.next(target) ? 1 : 0;
  EXPECT_GT(struck, 200);
  EXPECT_LT(struck, 300);
}

TEST(Options, DurationsAndFaultListsAreStrict) {
  EXPECT_EQ(parse_duration("50ms"), milliseconds(50));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_FALSE(parse_duration("fast"));
  EXPECT_EQ(parse_random_faults("hang=0.5,status-500=1")->size(), 2U);
  EXPECT_FALSE(parse_random_faults("hang=2"));
  EXPECT_FALSE(parse_random_faults("nothing=0.5"));
}

}  // namespace
}  // namespace reeld::stub
