#include "core/said_known.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

/// One that is known at a/scene.
Recognition recognize_at(const JobName& name, PairMatch match) {
  Recognition out;
  out.match = match;
  out.known.emplace();
  out.found.name = name;
  out.found.stamps.prompt.size = 100;
  out.found.digests = {ContentDigest{1, 2}, ContentDigest{3, 4}};
  return out;
}

const JobName scene{"a", "scene"};

Recognition half_replaced() {
  return recognize_at(scene, PairMatch::half_replaced);
}

/// That this was said, and then that is met.
bool is_said_after(const Recognition& said, Recognition met) {
  met.known->said_mark = mark_of(said);
  return is_said(met);
}

TEST(SaidKnown, NothingIsSaidOfItself) {
  EXPECT_FALSE(is_said(recognize_at(scene, PairMatch::same)));
  EXPECT_FALSE(is_said(half_replaced()));
}

TEST(SaidKnown, TheSamePairInItsPlaceIsSaidOnce) {
  const Recognition same = recognize_at(scene, PairMatch::same);
  EXPECT_TRUE(is_said_after(same, same));
  EXPECT_TRUE(is_said_after(same, recognize_at(scene, PairMatch::moved)));
}

TEST(SaidKnown, AtEachNewPlaceItIsSaidAnew) {
  const Recognition same = recognize_at(scene, PairMatch::same);
  EXPECT_FALSE(is_said_after(same, recognize_at({"b", "scene"}, PairMatch::moved)));
  EXPECT_FALSE(is_said_after(same, recognize_at({"a", "scene2"}, PairMatch::moved)));
  EXPECT_FALSE(
      is_said_after(recognize_at({"ab", "c"}, PairMatch::same), recognize_at({"a", "bc"}, PairMatch::same)));
}

TEST(SaidKnown, EachOtherContentThatComesToItsPlaceIsSaid) {
  EXPECT_FALSE(is_said_after(recognize_at(scene, PairMatch::same), half_replaced()));
  EXPECT_TRUE(is_said_after(half_replaced(), half_replaced()));
  Recognition prompt = half_replaced();
  prompt.found.digests.prompt->low = 9;
  Recognition image = half_replaced();
  image.found.digests.image->high = 9;
  EXPECT_FALSE(is_said_after(half_replaced(), prompt));
  EXPECT_FALSE(is_said_after(half_replaced(), image));
  EXPECT_FALSE(is_said_after(prompt, image));
}

TEST(SaidKnown, WhatWasNotReadIsToldBySizeAndTime) {
  Recognition unread = half_replaced();
  unread.found.digests.prompt.reset();
  EXPECT_TRUE(is_said_after(unread, unread));
  Recognition later = unread;
  later.found.stamps.prompt.mtime_ns = 7;
  EXPECT_FALSE(is_said_after(unread, later));
  Recognition longer = unread;
  longer.found.stamps.prompt.size = 101;
  EXPECT_FALSE(is_said_after(unread, longer));
}

TEST(SaidKnown, ALedgerOfBeforeKnowsNotWhatWasSaid) {
  Recognition same = recognize_at(scene, PairMatch::same);
  same.known->said_mark = 1;
  EXPECT_TRUE(is_said(same));
  Recognition half = half_replaced();
  half.known->said_mark = 1;
  EXPECT_FALSE(is_said(half));
}

/// They are in people's ledgers.
TEST(SaidKnown, MarksStayWhatTheyAre) {
  EXPECT_EQ(mark_of(recognize_at(scene, PairMatch::same)), 16931436271872077578U);
  EXPECT_EQ(mark_of(half_replaced()), 8254947196133449870U);
}

}  // namespace
}  // namespace reeld
