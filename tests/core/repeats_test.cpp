#include "core/repeats.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

SteadyTime at(std::chrono::steady_clock::duration since) {
  return SteadyTime{} + hours(1000) + since;
}

TEST(Repeats, ATroubleIsNewOnceAndThenCounted) {
  Repeats repeats;
  for (std::uint64_t n = 0; n < 5; ++n) EXPECT_EQ(repeats.note("a", at(minutes(n))), n);
}

TEST(Repeats, TroublesThatTakeTurnsAreCountedEach) {
  Repeats repeats;
  for (std::uint64_t n = 0; n < 5; ++n) {
    EXPECT_EQ(repeats.note("a", at(minutes(n))), n);
    EXPECT_EQ(repeats.note("b", at(minutes(n))), n);
    repeats.interrupt();
  }
}

TEST(Repeats, WhatWasQuietForLongIsNewAgain) {
  Repeats repeats;
  repeats.note("a", at(minutes(0)));
  repeats.interrupt();
  EXPECT_EQ(repeats.note("a", at(minutes(10))), 1U);
  repeats.interrupt();
  EXPECT_EQ(repeats.note("a", at(minutes(21))), 0U);
}

TEST(Repeats, WithNothingBetweenItIsTheSameHoweverLongItTakes) {
  Repeats repeats;
  repeats.note("a", at(hours(0)));
  EXPECT_EQ(repeats.note("a", at(hours(24))), 1U);
  repeats.note("b", at(hours(24)));
  EXPECT_EQ(repeats.note("a", at(hours(48))), 0U);
}

TEST(Repeats, RemembersAHundred) {
  Repeats repeats;
  for (int n = 0; n <= 100; ++n) EXPECT_EQ(repeats.note(std::to_string(n), at(std::chrono::seconds(n))), 0U);
  EXPECT_EQ(repeats.note("1", at(minutes(2))), 1U);
  EXPECT_EQ(repeats.note("0", at(minutes(2))), 0U) << "the oldest has made room";
}

}  // namespace
}  // namespace reeld
