// How long the closing boundary is held back, and on what word it goes.

#include "core/boundary_wait.hpp"

#include <gtest/gtest.h>

namespace reeld::test {
namespace {

using Step = BoundaryWait::Step;
using std::chrono::milliseconds;

constexpr std::uint64_t segment = 1448;

SteadyTime at(double milliseconds_on) {
  return SteadyTime(std::chrono::duration_cast<SteadyTime::duration>(
      std::chrono::duration<double, std::milli>(milliseconds_on)));
}

PathTimes make_times(std::optional<microseconds> kernel, std::optional<microseconds> handshake,
                     bool is_proxied = false) {
  PathTimes times;
  times.kernel = kernel;
  times.handshake = handshake;
  times.is_proxied = is_proxied;
  return times;
}

BoundaryWait make_wait(milliseconds round_trip, std::uint64_t sent = 66'000) {
  BoundaryWait::Parts parts;
  parts.round_trip = round_trip;
  parts.sent = sent;
  parts.segment = segment;
  parts.patience = milliseconds(30'000);
  return {parts, at(0)};
}

TEST(RoundTrip, IsTheShorterOfWhatKernelAndHandshakeTell) {
  EXPECT_EQ(get_round_trip(make_times(microseconds(90), microseconds(4'000))), microseconds(90));
  EXPECT_EQ(get_round_trip(make_times(microseconds(50'000), microseconds(49'000))), microseconds(49'000));
}

TEST(RoundTrip, OfPlainHttpIsTheKernels) {
  EXPECT_EQ(get_round_trip(make_times(microseconds(50'000), std::nullopt)), microseconds(50'000));
}

TEST(RoundTrip, BehindAProxyIsTheHandshakesAlone) {
  EXPECT_EQ(get_round_trip(make_times(microseconds(40), microseconds(51'000), true)), microseconds(51'000));
  EXPECT_EQ(get_round_trip(make_times(microseconds(40), std::nullopt, true)), microseconds(0));
}

TEST(RoundTrip, IsNothingWhereNothingIsKnown) {
  EXPECT_EQ(get_round_trip(make_times(std::nullopt, std::nullopt)), microseconds(0));
}

TEST(RoundTrip, AHiccupOfTheHandshakeDoesNotMakeANearServerFar) {
  EXPECT_FALSE(is_far(get_round_trip(make_times(microseconds(60), microseconds(900'000)))));
  EXPECT_FALSE(is_far(microseconds(1'999)));
  EXPECT_TRUE(is_far(microseconds(2'000)));
}

TEST(BoundaryWaits, ARoundTripAndAQuarterOfIt) {
  BoundaryWait wait = make_wait(milliseconds(50));
  EXPECT_EQ(wait.earliest(), at(62.5));
  EXPECT_EQ(wait.look(at(62), 0), Step::wait);
  EXPECT_EQ(wait.look(at(62.5), 0), Step::go);
}

TEST(BoundaryWaits, TheMomentIsNeitherTooShortNorTooLong) {
  EXPECT_EQ(make_wait(milliseconds(2)).earliest(), at(5));
  EXPECT_EQ(make_wait(milliseconds(200)).earliest(), at(220));
}

TEST(BoundaryWaits, ForAllButTwoPackets) {
  BoundaryWait wait = make_wait(milliseconds(50));
  EXPECT_EQ(wait.look(at(70), 2 * segment + 1), Step::wait);
  EXPECT_EQ(wait.look(at(80), 2 * segment), Step::go);
}

TEST(BoundaryWaits, ForSomethingOfARequestThatIsNoLongerThanThat) {
  BoundaryWait wait = make_wait(milliseconds(50), 2'500);
  EXPECT_EQ(wait.look(at(70), 2'500), Step::wait);
  EXPECT_EQ(wait.look(at(80), 1'052), Step::go);
}

TEST(BoundaryWaits, NoLongerThanThePatienceWithoutProgress) {
  BoundaryWait wait = make_wait(milliseconds(50));
  EXPECT_EQ(wait.look(at(70), 60'000), Step::wait);
  EXPECT_EQ(wait.look(at(30'060), 59'000), Step::wait);
  EXPECT_EQ(wait.look(at(60'059), 59'000), Step::wait);
  EXPECT_EQ(wait.look(at(60'060), 59'000), Step::give_up);
}

TEST(BoundaryWaits, WhatGrowsAgainIsNoProgress) {
  BoundaryWait wait = make_wait(milliseconds(50));
  EXPECT_EQ(wait.look(at(70), 50'000), Step::wait);
  EXPECT_EQ(wait.look(at(20'000), 60'000), Step::wait);
  EXPECT_EQ(wait.look(at(30'000), 55'000), Step::wait);
  EXPECT_EQ(wait.look(at(30'070), 50'000), Step::give_up);
}

TEST(BoundaryWaits, LooksOftenAtFirstAndThenByWhatItHasTaken) {
  const BoundaryWait wait = make_wait(milliseconds(50));
  EXPECT_EQ(wait.next_look(at(10)), at(62.5));
  EXPECT_EQ(wait.next_look(at(80)), at(85));
  EXPECT_EQ(wait.next_look(at(1'000'000)), at(1'000'100));
}

}  // namespace
}  // namespace reeld::test
