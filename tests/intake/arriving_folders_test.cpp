#include "intake/arriving_folders.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using std::chrono::seconds;

class ArrivingFoldersTest : public ::testing::Test {
 protected:
  SteadyTime at(int second) const { return start_ + seconds(second); }

  SteadyTime start_{std::chrono::hours(1)};
  ArrivingFolders folders_;
};

TEST_F(ArrivingFoldersTest, WhatComesIntoANewFolderBelongsTogether) {
  EXPECT_EQ(folders_.find("film", at(0)), 0u) << "it was there before";
  folders_.note_folder("film", at(0));
  const auto film = folders_.find("film", at(1));
  EXPECT_NE(film, 0u);
  EXPECT_EQ(folders_.find("film/takes/a", at(2)), film);
  EXPECT_EQ(folders_.find("films", at(2)), 0u);
  EXPECT_EQ(folders_.find("", at(2)), 0u) << "the spool itself";
}

TEST_F(ArrivingFoldersTest, AFolderWithinItIsPartOfIt) {
  folders_.note_folder("film", at(0));
  folders_.note_folder("film/takes", at(1));
  folders_.note_folder("other", at(1));
  EXPECT_EQ(folders_.find("film/takes", at(2)), folders_.find("film", at(2)));
  EXPECT_NE(folders_.find("other", at(2)), folders_.find("film", at(2)));
}

TEST_F(ArrivingFoldersTest, ItIsThereWhenNothingHasComeForAWhile) {
  folders_.note_folder("film", at(0));
  for (int i = 0; i < 10; ++i) folders_.find("film/takes", at(9 * i));
  const auto film = folders_.find("film", at(85));
  EXPECT_NE(film, 0u);
  EXPECT_EQ(folders_.find("film", at(96)), 0u);
  folders_.note_folder("film", at(97));
  EXPECT_NE(folders_.find("film", at(98)), 0u);
  EXPECT_NE(folders_.find("film", at(98)), film) << "it comes once more";
}

TEST_F(ArrivingFoldersTest, AFolderForEachJobIsNotKept) {
  for (int i = 0; i < 1000; ++i) folders_.note_folder("job" + std::to_string(i), at(11 * i));
  EXPECT_NE(folders_.find("job999", at(11 * 999)), 0u);
  EXPECT_LT(folders_.size(), 100u);
}

TEST(ArrivingAtAStart, IsANewFolderInWhichSomethingHasJustChanged) {
  constexpr std::int64_t second = 1'000'000'000;
  constexpr std::int64_t now = 1'000'000 * second;
  constexpr std::int64_t hour = 3'600 * second;
  const auto may_be = [](std::int64_t changed, std::int64_t born, bool is_amid_mass = false) {
    return ArrivingFolders::may_be_arriving({changed, born}, now, is_amid_mass);
  };
  EXPECT_TRUE(may_be(now - second, now - 60 * second));
  EXPECT_FALSE(may_be(now - 11 * second, now - 60 * second));
  EXPECT_FALSE(may_be(now - second, now - 2 * hour)) << "it is in use";
  EXPECT_FALSE(may_be(now - second, 0)) << "nobody knows";
  EXPECT_FALSE(may_be(now + hour, now)) << "a clock that is wrong";
  EXPECT_TRUE(may_be(now - second, now - 2 * hour, true)) << "a mass may take hours to come";
  EXPECT_FALSE(may_be(now - 11 * second, now - 60 * second, true));
}

}  // namespace
}  // namespace reeld
