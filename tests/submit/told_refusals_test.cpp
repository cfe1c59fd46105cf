#include "submit/told_refusals.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

constexpr ContentDigest one{1, 1};
constexpr ContentDigest two{2, 2};

TEST(ToldRefusalsTest, EachIsTakenOnce) {
  ToldRefusals told;
  told.note({"a", "1"}, one);
  told.note({"a", "2"}, two);
  EXPECT_EQ(told.take({"a", "2"}), two);
  EXPECT_FALSE(told.take({"a", "2"}));
  EXPECT_EQ(told.take({"a", "1"}), one);
}

TEST(ToldRefusalsTest, TheLatestOfAPairCounts) {
  ToldRefusals told;
  told.note({"a", "1"}, one);
  told.note({"a", "1"}, two);
  EXPECT_EQ(told.take({"a", "1"}), two);
  EXPECT_FALSE(told.take({"a", "1"}));
}

TEST(ToldRefusalsTest, TheOldestAreForgotten) {
  ToldRefusals told;
  for (int i = 0; i < 1'100; ++i) told.note({"a", std::to_string(i)}, one);
  EXPECT_FALSE(told.take({"a", "0"}));
  EXPECT_TRUE(told.take({"a", "1099"}));
  EXPECT_TRUE(told.take({"a", "100"})) << "a lane may be a thousand wide";
}

}  // namespace
}  // namespace reeld
