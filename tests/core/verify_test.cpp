#include "core/verify.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(Verify, SaysNothingWhereAllIsWell) {
  verify(true, "one is one");
  int count = 2;
  decrease(count, "none is taken that is not there");
  EXPECT_EQ(count, 1);
}

TEST(VerifyDeathTest, EndsTheProcessAndSaysWhatWasBrokenAndWhere) {
  EXPECT_DEATH(verify(false, "one is two"),
               "a broken invariant: one is two \\(.*verify_test\\.cpp:[0-9]+\\)");
}

TEST(VerifyDeathTest, NoCountGoesBelowNone) {
  unsigned count = 0;
  EXPECT_DEATH(decrease(count, "none is taken that is not there"), "none is taken that is not there");
}

}  // namespace
}  // namespace reeld
