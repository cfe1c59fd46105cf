#include "commands/environment.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace reeld {
namespace {

TEST(Environment, TellsUnsetFromEmpty) {
  ::setenv("REELD_TEST_VARIABLE", "", 1);
  EXPECT_EQ(read_environment("REELD_TEST_VARIABLE"), "");
  ::setenv("REELD_TEST_VARIABLE", "x", 1);
  EXPECT_EQ(read_environment("REELD_TEST_VARIABLE"), "x");
  ::unsetenv("REELD_TEST_VARIABLE");
  EXPECT_EQ(read_environment("REELD_TEST_VARIABLE"), std::nullopt);
}

}  // namespace
}  // namespace reeld
