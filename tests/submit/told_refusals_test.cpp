#include "submit/told_refusals.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(ToldRefusalsTest, EachIsTakenOnce) {
  ToldRefusals told;
  told.note({"a", "1"}, "one");
  told.note({"a", "2"}, "two");
  EXPECT_EQ(told.take({"a", "2"}), "two");
  EXPECT_FALSE(told.take({"a", "2"}));
  EXPECT_EQ(told.take({"a", "1"}), "one");
}

TEST(ToldRefusalsTest, TheLatestOfAPairCounts) {
  ToldRefusals told;
  told.note({"a", "1"}, "former");
  told.note({"a", "1"}, "latest");
  EXPECT_EQ(told.take({"a", "1"}), "latest");
  EXPECT_FALSE(told.take({"a", "1"}));
}

TEST(ToldRefusalsTest, TheOldestAreForgotten) {
  ToldRefusals told;
  for (int i = 0; i < 100; ++i) told.note({"a", std::to_string(i)}, "text");
  EXPECT_FALSE(told.take({"a", "0"}));
  EXPECT_TRUE(told.take({"a", "99"}));
  EXPECT_TRUE(told.take({"a", "40"}));
}

}  // namespace
}  // namespace reeld
