#include "core/backoff.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace reeld {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, DoublesUpToItsBound) {
  EXPECT_EQ(back_off(1s, 0, 1min), 1s);
  EXPECT_EQ(back_off(1s, 1, 1min), 2s);
  EXPECT_EQ(back_off(1s, 5, 1min), 32s);
  EXPECT_EQ(back_off(1s, 6, 1min), 1min);
  EXPECT_EQ(back_off(1s, std::numeric_limits<std::uint32_t>::max(), 1min), 1min);
  EXPECT_EQ(back_off(2min, 0, 1min), 1min) << "not even the first is longer";
}

TEST(BackOff, HalfOfAWaitIsLeftToTheDice) {
  EXPECT_EQ(spread(10s, 0), 5s);
  EXPECT_EQ(spread(10s, 0.5), 7500ms);
  EXPECT_LT(spread(10s, 0.999), 10s);
}

}  // namespace
}  // namespace reeld
