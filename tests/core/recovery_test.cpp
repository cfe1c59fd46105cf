#include "core/recovery.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(Recovery, AnOpenIntentIsInDoubtUnlessItsAnswerIsThere) {
  EXPECT_EQ(decide_repair({false, false, false, false, false}), Repair::finalize);
  EXPECT_EQ(decide_repair({true, false, false, false, false}), Repair::accept);
  EXPECT_EQ(decide_repair({true, false, false, true, true}), Repair::accept);
}

TEST(Recovery, AnotherJobsAnswerIsNone) {
  EXPECT_EQ(decide_repair({true, true, false, false, false}), Repair::finalize);
}

TEST(Recovery, ARefusalThatStandsThereIsOne) {
  EXPECT_EQ(decide_repair({false, false, true, false, true}), Repair::refuse);
  EXPECT_EQ(decide_repair({false, false, true, true, true}), Repair::finalize)
      << "the first attempt is in doubt still";
}

TEST(Recovery, ADoubtIsRepeatedOnceOnly) {
  EXPECT_EQ(decide_repair({false, false, false, false, true}), Repair::repeat);
  EXPECT_EQ(decide_repair({false, false, false, true, true}), Repair::finalize);
}

}  // namespace
}  // namespace reeld
