#include "scheduler/masses.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

JobName make_name(int number, const std::string& folder = "f") {
  return {folder, std::to_string(number)};
}

void find(Masses& masses, int count, bool is_copy = false, int first = 0) {
  for (int i = first; i < first + count; ++i)
    EXPECT_TRUE(masses.must_wait({make_name(i), is_copy, true})) << i;
}

TEST(Masses, AreNobodysBusinessUnlessAskedFor) {
  Masses masses({});
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(masses.must_wait({make_name(i), false, true}));
  EXPECT_FALSE(masses.has_gathered());
  EXPECT_EQ(masses.state(), MassState::none);
}

TEST(Masses, AFewOfAScanGoWhenItIsOver) {
  Masses masses({3, false});
  find(masses, 3);
  EXPECT_EQ(masses.held_new(), 3u);
  const auto decision = masses.end_scan();
  EXPECT_THAT(decision.may_go, SizeIs(3));
  EXPECT_EQ(decision.held, 0u);
  EXPECT_EQ(masses.state(), MassState::none);
}

TEST(Masses, ManyOfAScanWaitForAWord) {
  Masses masses({3, false});
  find(masses, 3);
  EXPECT_TRUE(masses.must_wait({make_name(9, "g"), false, true}));
  const auto decision = masses.end_scan();
  EXPECT_THAT(decision.may_go, IsEmpty());
  EXPECT_THAT(decision.duplicates, IsEmpty());
  EXPECT_EQ(decision.held, 4u);
  EXPECT_THAT(decision.where, ElementsAre(testing::Pair("f", 3u), testing::Pair("g", 1u)));
  EXPECT_EQ(masses.state(), MassState::held);
  EXPECT_FALSE(masses.must_wait({make_name(20), false, false}))
      << "one that comes by itself is not asked about";
  EXPECT_THAT(masses.release(), SizeIs(4));
  EXPECT_EQ(masses.state(), MassState::released);
  masses.end_release();
  EXPECT_EQ(masses.state(), MassState::none);
}

TEST(Masses, OneThatGoesAwayIsNotCounted) {
  Masses masses({3, false});
  find(masses, 4);
  masses.remove(make_name(2));
  masses.remove(make_name(77));
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(3));
}

TEST(Masses, OneThatComesBackIsHeldAgain) {
  Masses masses({3, false});
  find(masses, 4);
  masses.end_scan();
  masses.remove(make_name(2));
  EXPECT_EQ(masses.held_new(), 3u);
  EXPECT_TRUE(masses.must_wait({make_name(2), false, false}));
  EXPECT_EQ(masses.held_new(), 4u);
  masses.remove(make_name(2));
  masses.release();
  EXPECT_FALSE(masses.must_wait({make_name(2), false, false}));
}

TEST(Masses, WhatWaitedBeforeARestartWaitsHoweverFewThereAre) {
  Masses masses({3, false});
  masses.restore(MassState::held);
  EXPECT_EQ(masses.state(), MassState::held);
  find(masses, 2);
  EXPECT_EQ(masses.end_scan().held, 2u);
  masses.release();
  find(masses, 2, false, 10);
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(2)) << "only what the first scan found";
}

TEST(Masses, NothingOfItIsLeftWhereTheFirstScanFindsNothing) {
  Masses masses({3, false});
  masses.restore(MassState::held);
  masses.end_scan();
  EXPECT_EQ(masses.state(), MassState::none);
}

TEST(Masses, WhatWasReleasedBeforeARestartIsNotAskedAboutAgain) {
  Masses masses({3, false});
  masses.restore(MassState::released);
  find(masses, 10);
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(10));
  EXPECT_EQ(masses.state(), MassState::released) << "until they are sent";
  find(masses, 10, false, 20);
  EXPECT_EQ(masses.end_scan().held, 10u) << "another mass is";
}

TEST(Masses, AFewCopiesAreTakesAndManyAreAMishap) {
  Masses masses({});
  find(masses, 20, true);
  EXPECT_EQ(masses.held_copies(), 20u);
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(20));
  find(masses, 21, true);
  EXPECT_FALSE(masses.must_wait({make_name(99), false, true}));
  const auto decision = masses.end_scan();
  EXPECT_THAT(decision.duplicates, SizeIs(21));
  EXPECT_EQ(decision.held, 21u);
  EXPECT_TRUE(masses.is_duplicate(make_name(3)));
  EXPECT_FALSE(masses.is_duplicate(make_name(99)));
  EXPECT_EQ(masses.held_copies(), 21u);
}

TEST(Masses, CopiesCountAmongTheNewPairsToo) {
  Masses masses({5, false});
  find(masses, 3);
  find(masses, 3, true, 10);
  EXPECT_EQ(masses.held_new(), 3u);
  const auto decision = masses.end_scan();
  EXPECT_EQ(decision.held, 6u);
  EXPECT_THAT(decision.duplicates, SizeIs(3));
}

TEST(Masses, EachCopyWaitsWhereThatIsTheRule) {
  Masses masses({0, true});
  EXPECT_TRUE(masses.must_wait({make_name(1), true, false}));
  EXPECT_TRUE(masses.must_wait({make_name(2), true, true}));
  EXPECT_FALSE(masses.must_wait({make_name(3), false, false}));
  EXPECT_FALSE(masses.has_gathered());
  EXPECT_EQ(masses.held_copies(), 2u);
  EXPECT_THAT(masses.release(), ElementsAre(make_name(1), make_name(2)));
}

TEST(Masses, OfAFolderThatArrivesTheFirstGoAndTheRestWaits) {
  Masses masses({3, false});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(masses.must_wait({make_name(i), false, false, 7})) << i;
  EXPECT_FALSE(masses.must_wait({make_name(2), false, false, 7})) << "the same once more";
  EXPECT_TRUE(masses.must_wait({make_name(3), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(4), false, false, 7}));
  EXPECT_FALSE(masses.must_wait({make_name(5), false, false, 8})) << "another folder";
  EXPECT_FALSE(masses.must_wait({make_name(6), false, false, 0})) << "it comes by itself";
  EXPECT_EQ(masses.held_new(), 2u);
  EXPECT_EQ(masses.state(), MassState::held);
  const auto held = masses.take_held_of_arrivals();
  EXPECT_EQ(held.held, 2u);
  EXPECT_THAT(held.where, ElementsAre(testing::Pair("f", 2u)));
  EXPECT_EQ(masses.held_of_arrivals(), 0u);
}

TEST(Masses, WhatAScanFindsInAnArrivingFolderIsPartOfIt) {
  Masses masses({3, false});
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), false, true, 7}));
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(2));
  EXPECT_FALSE(masses.must_wait({make_name(2), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(3), false, false, 7}));
}

TEST(Masses, WhatAScanFindsAfterTheFirstHaveGoneWaits) {
  Masses masses({3, false});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(masses.must_wait({make_name(i), false, false, 7}));
  for (int i = 3; i < 5; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), false, true, 7}));
  EXPECT_EQ(masses.end_scan().held, 2u);
}

TEST(Masses, WhereIntakeBeginsAnewNothingIsLeftToBeSaid) {
  Masses masses({1, false});
  EXPECT_FALSE(masses.must_wait({make_name(0), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(1), false, true, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(2), false, false, 7}));
  masses.remove(make_name(1));
  masses.remove(make_name(2));
  masses.restore(MassState::none);
  EXPECT_EQ(masses.held_of_arrivals(), 0u);
  find(masses, 1, false, 5);
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(1));
}

TEST(Masses, AHeldPairThatIsWrittenAnewIsSaidOnce) {
  Masses masses({1, false});
  EXPECT_FALSE(masses.must_wait({make_name(0), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(1), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(2), false, false, 7}));
  masses.remove(make_name(2));
  EXPECT_TRUE(masses.must_wait({make_name(2), false, false, 7}));
  EXPECT_EQ(masses.held_of_arrivals(), 2u);
  masses.remove(make_name(1));
  EXPECT_EQ(masses.take_held_of_arrivals().held, 1u) << "one of them is gone";
  EXPECT_EQ(masses.held_of_arrivals(), 0u);
}

TEST(Masses, AFolderThatWasReleasedMayGoOn) {
  Masses masses({1, false});
  EXPECT_FALSE(masses.must_wait({make_name(0), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(1), false, false, 7}));
  EXPECT_THAT(masses.release(), SizeIs(1));
  EXPECT_EQ(masses.held_of_arrivals(), 0u) << "that they wait is no news any more";
  for (int i = 2; i < 9; ++i) EXPECT_FALSE(masses.must_wait({make_name(i), false, false, 7}));
  EXPECT_FALSE(masses.must_wait({make_name(10), false, true, 7})) << "nor is what a scan finds there counted";
  EXPECT_FALSE(masses.must_wait({make_name(20), false, false, 8}));
  EXPECT_TRUE(masses.must_wait({make_name(21), false, false, 8}));
}

TEST(Masses, ManyCopiesThatArriveWithAFolderWaitWithoutALimitToo) {
  Masses masses({});
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(masses.must_wait({make_name(i), true, false, 7})) << i;
  EXPECT_TRUE(masses.must_wait({make_name(20), true, false, 7}));
  EXPECT_FALSE(masses.must_wait({make_name(21), false, false, 7})) << "no copy";
  EXPECT_THAT(masses.take_held_of_arrivals().duplicates, ElementsAre(make_name(20)));
}

TEST(Masses, OfManyFoldersThoseThatWereUsedLastAreRemembered) {
  Masses masses({1, false});
  const auto come = [&](int name, std::uint64_t folder) {
    return masses.must_wait({make_name(name), false, false, folder});
  };
  EXPECT_FALSE(come(0, 1));
  for (int i = 1; i <= 255; ++i) {
    EXPECT_FALSE(come(i, static_cast<std::uint64_t>(i) + 1));
    EXPECT_TRUE(come(1000 + i, 1)) << "the first is still being filled";
  }
  EXPECT_FALSE(come(256, 257)) << "one more than are remembered";
  EXPECT_TRUE(come(2000, 1));
  EXPECT_FALSE(come(2001, 2)) << "it was forgotten, and counts from none";
  EXPECT_TRUE(come(2002, 2));
}

TEST(Masses, WithoutALimitNoFolderIsRemembered) {
  Masses masses({});
  for (int i = 0; i < 300; ++i)
    EXPECT_FALSE(masses.must_wait({make_name(i), false, false, static_cast<std::uint64_t>(i) + 1}));
  EXPECT_FALSE(masses.must_wait({make_name(300), false, false, 1}));
}

TEST(Masses, WhatWasTooManyAndHasGoneHoldsNothing) {
  Masses masses({3, false});
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(masses.must_wait({make_name(i), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(3), false, true, 7}));
  masses.remove(make_name(3));
  EXPECT_TRUE(masses.must_wait({make_name(4), false, true}));
  EXPECT_THAT(masses.end_scan().may_go, ElementsAre(make_name(4)));
}

TEST(Masses, TooManyCopiesOfAFolderHoldNoNewPairs) {
  Masses masses({100, false});
  for (int i = 0; i < 21; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), true, true, 7}));
  find(masses, 5, false, 50);
  const auto decision = masses.end_scan();
  EXPECT_EQ(decision.held, 21u);
  EXPECT_THAT(decision.may_go, SizeIs(5));
}

TEST(Masses, AWordIsAboutWhatAScanHasHeldOfAFolderToo) {
  Masses masses({1, false});
  EXPECT_FALSE(masses.must_wait({make_name(0), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(1), false, true, 7}));
  EXPECT_EQ(masses.end_scan().held, 1u);
  masses.release();
  EXPECT_FALSE(masses.must_wait({make_name(2), false, false, 7}));
}

TEST(Masses, WhatWasReleasedBeforeARestartIsAgreedToInItsFolderToo) {
  Masses masses({3, false});
  masses.restore(MassState::released);
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), false, true, 7}));
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(9));
  for (int i = 0; i < 9; ++i)
    EXPECT_FALSE(masses.must_wait({make_name(i), false, false, 7})) << "judged again";
}

TEST(Masses, AWordOfBeforeARestartIsNoneAboutAFolderThatHasComeSince) {
  Masses masses({3, false});
  masses.restore(MassState::released);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), false, true, 7}));
  for (int i = 10; i < 14; ++i) EXPECT_EQ(masses.must_wait({make_name(i), false, false, 8}), i == 13);
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(5));
  EXPECT_TRUE(masses.must_wait({make_name(14), false, false, 8})) << "nobody was asked about it";
}

TEST(Masses, WhatComesIntoAFolderThatWasAgreedToBeforeTheScanEndsGoesToo) {
  Masses masses({3, false});
  masses.restore(MassState::released);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), false, true, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(5), false, false, 7}));
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(6));
  EXPECT_EQ(masses.state(), MassState::released);
  EXPECT_EQ(masses.held_of_arrivals(), 0u) << "nothing to be said";
}

TEST(Masses, ACopyThatWaitsByItselfDoesNotGoWithItsFolder) {
  Masses masses({3, true});
  masses.restore(MassState::released);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(masses.must_wait({make_name(i), false, true, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(5), true, true, 7}));
  EXPECT_THAT(masses.end_scan().may_go, SizeIs(5));
  EXPECT_EQ(masses.held_copies(), 1u);
}

TEST(Masses, AWordAboutOneFolderIsNoneAboutAnother) {
  Masses masses({1, false});
  EXPECT_FALSE(masses.must_wait({make_name(0), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(1), false, false, 7}));
  EXPECT_FALSE(masses.must_wait({make_name(2), false, false, 8}));
  EXPECT_THAT(masses.release(), SizeIs(1));
  EXPECT_FALSE(masses.must_wait({make_name(3), false, false, 7}));
  EXPECT_TRUE(masses.must_wait({make_name(4), false, false, 8})) << "of it nothing had been held";
}

TEST(MassStates, HaveWords) {
  for (const MassState state : {MassState::none, MassState::held, MassState::released})
    EXPECT_EQ(read_mass_state(word_of(state)), state);
  EXPECT_EQ(read_mass_state(""), MassState::none);
}

TEST(DescribePlaces, NamesTheFullestFirst) {
  EXPECT_EQ(describe_places({{"", 2}, {"b", 7}}), "b (7), . (2)");
  EXPECT_EQ(describe_places({{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 9}, {"f", 1}, {"g", 1}}),
            "e (9), a (1), b (1), c (1), d (1) and 2 folders more");
}

}  // namespace
}  // namespace reeld
