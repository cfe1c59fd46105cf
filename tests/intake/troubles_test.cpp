// what is said of folders in trouble, and when they are looked at again.

#include "intake/troubles.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const SteadyTime start{std::chrono::hours(1)};

TEST(FolderTroubles, AreSaidOnceAndNotAtOnce) {
  FolderTroubles troubles(seconds(2));
  const auto first = troubles.note("f", start);
  EXPECT_FALSE(first.must_say);
  EXPECT_EQ(first.look_again, start + seconds(1));
  const auto second = troubles.note("f", start + seconds(1));
  EXPECT_FALSE(second.must_say);
  EXPECT_EQ(second.look_again, start + seconds(2));
  const auto third = troubles.note("f", start + seconds(2));
  EXPECT_TRUE(third.must_say);
  EXPECT_EQ(third.look_again, start + seconds(4));
  const auto fourth = troubles.note("f", start + seconds(4));
  EXPECT_FALSE(fourth.must_say);
  EXPECT_FALSE(fourth.look_again);
}

TEST(FolderTroubles, AreSaidAnewForOtherContent) {
  FolderTroubles troubles(seconds(2));
  troubles.note("f", start, {1, 1});
  EXPECT_TRUE(troubles.note("f", start + seconds(2), {1, 1}).must_say);
  EXPECT_FALSE(troubles.note("f", start + seconds(9), {1, 1}).must_say);
  EXPECT_FALSE(troubles.note("f", start + seconds(10), {2, 2}).must_say);
  EXPECT_TRUE(troubles.note("f", start + seconds(12), {2, 2}).must_say);
  EXPECT_EQ(troubles.size(), 1u);
}

TEST(FolderTroubles, ThatHaveEndedBeginAnew) {
  FolderTroubles troubles(seconds(2));
  troubles.note("f", start);
  EXPECT_TRUE(troubles.contains("f"));
  EXPECT_TRUE(troubles.clear("f"));
  EXPECT_FALSE(troubles.clear("f"));
  EXPECT_EQ(troubles.note("f", start + seconds(9)).look_again, start + seconds(10));
}

TEST(FolderTroubles, AreDroppedWithTheFolder) {
  FolderTroubles troubles(seconds(2));
  for (const std::string folder : {"f", "f/g", "f-g"}) troubles.note(folder, start);
  troubles.drop_within("f");
  EXPECT_EQ(troubles.size(), 1u);
  EXPECT_TRUE(troubles.contains("f-g"));
}

}  // namespace
}  // namespace reeld
