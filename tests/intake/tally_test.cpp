#include "intake/tally.hpp"

#include <gtest/gtest.h>

#include <string>

namespace reeld {
namespace {

TEST(StemTallies, KnowManyStems) {
  StemTally tally(7);
  EXPECT_FALSE(tally.is_finished("a"));
  for (int i = 0; i < 10'000; ++i) {
    tally.note_input("scene" + std::to_string(i));
    tally.note_input("scene" + std::to_string(i));
    if (i % 2 == 0) tally.note_result("scene" + std::to_string(i));
  }
  EXPECT_EQ(tally.unfinished(), 5'000u);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(tally.is_finished("scene" + std::to_string(i)), i % 2 == 0);
  EXPECT_FALSE(tally.is_finished("scene10000"));
  tally.clear();
  EXPECT_EQ(tally.unfinished(), 0u);
  EXPECT_FALSE(tally.is_finished("scene0"));
}

TEST(StemTallies, DoNotMindTheOrder) {
  StemTally tally(7);
  tally.note_result("a");
  tally.note_result("a");
  EXPECT_EQ(tally.unfinished(), 0u);
  tally.note_input("a");
  EXPECT_EQ(tally.unfinished(), 0u);
  tally.note_input("b");
  EXPECT_EQ(tally.unfinished(), 1u);
  tally.note_result("b");
  tally.note_result("b");
  EXPECT_EQ(tally.unfinished(), 0u);
}

TEST(StemTallies, TellZerosAndLengthsApart) {
  StemTally tally(0);
  tally.note_result(std::string(1, '\0'));
  EXPECT_FALSE(tally.is_finished(std::string(2, '\0')));
  EXPECT_FALSE(tally.is_finished(""));
  tally.note_result("");
  EXPECT_TRUE(tally.is_finished(""));
  tally.note_result("12345678");
  EXPECT_FALSE(tally.is_finished("123456789"));
  EXPECT_FALSE(tally.is_finished(std::string("12345678\0", 9)));
}

}  // namespace
}  // namespace reeld
