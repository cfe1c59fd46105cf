#include "core/log_throttle.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

SteadyTime at(std::chrono::steady_clock::duration since) {
  return SteadyTime{} + hours(1000) + since;
}

TEST(LogThrottle, ATroubleIsNewOnceAndThenCounted) {
  LogThrottle throttle;
  for (std::uint64_t n = 0; n < 5; ++n) EXPECT_EQ(throttle.note("a", at(minutes(n))), n);
}

TEST(LogThrottle, TroublesThatTakeTurnsAreCountedEach) {
  LogThrottle throttle;
  for (std::uint64_t n = 0; n < 5; ++n) {
    EXPECT_EQ(throttle.note("a", at(minutes(n))), n);
    EXPECT_EQ(throttle.note("b", at(minutes(n))), n);
    throttle.interrupt();
  }
}

TEST(LogThrottle, WhatWasQuietForLongIsNewAgain) {
  LogThrottle throttle;
  throttle.note("a", at(minutes(0)));
  throttle.interrupt();
  EXPECT_EQ(throttle.note("a", at(minutes(10))), 1U);
  throttle.interrupt();
  EXPECT_EQ(throttle.note("a", at(minutes(21))), 0U);
}

TEST(LogThrottle, WithNothingBetweenItIsTheSameHoweverLongItTakes) {
  LogThrottle throttle;
  throttle.note("a", at(hours(0)));
  EXPECT_EQ(throttle.note("a", at(hours(24))), 1U);
  throttle.note("b", at(hours(24)));
  EXPECT_EQ(throttle.note("a", at(hours(48))), 0U);
}

TEST(LogThrottle, RemembersAHundred) {
  LogThrottle throttle;
  for (int n = 0; n <= 100; ++n) EXPECT_EQ(throttle.note(std::to_string(n), at(std::chrono::seconds(n))), 0U);
  EXPECT_EQ(throttle.note("1", at(minutes(2))), 1U);
  EXPECT_EQ(throttle.note("0", at(minutes(2))), 0U) << "the oldest has made room";
}

}  // namespace
}  // namespace reeld
