#include "follow/name.hpp"

#include <gtest/gtest.h>

#include "core/spool_name.hpp"

namespace reeld {
namespace {

using enum FollowVariant;

TEST(FollowName, BuildsAndReadsEachNameBack) {
  struct Case {
    FollowVariant variant;
    const char* ending;
    const char* name;
  };
  constexpr Case cases[] = {{video, "mp4", "a.b.mp4"},
                            {video, "webm", "a.b.webm"},
                            {thumbnail, "jpg", "a.b.thumbnail.jpg"},
                            {spritesheet, "webp", "a.b.spritesheet.webp"}};
  for (const Case& row : cases) {
    const std::string name = video_name("a.b", row.variant, row.ending);
    EXPECT_EQ(name, row.name);
    for (const std::uint32_t take : {0U, 1U, 12U}) {
      const std::string full = take == 0 ? name : take_name("a.b", name, take);
      const auto read = read_follow_name(full);
      ASSERT_TRUE(read) << full;
      EXPECT_EQ(read->stem, "a.b") << full;
      EXPECT_EQ(read->variant, row.variant) << full;
      EXPECT_EQ(read->ending, row.ending) << full;
      EXPECT_EQ(read->take, take) << full;
    }
  }
}

TEST(FollowName, NamesTheAnswersOfFormerTakes) {
  EXPECT_EQ(take_name("a", "a.job.json", 1), "a.take1.job.json");
  EXPECT_TRUE(is_follow_result("a.take1.job.json"));
  EXPECT_TRUE(is_follow_result("a.take1.error.json"));
  EXPECT_FALSE(is_follow_result("a.job.json"));
  EXPECT_FALSE(is_follow_result("a.take.job.json"));
  EXPECT_FALSE(is_follow_result("a.take01.job.json"));
}

TEST(FollowName, LeavesOtherNamesAlone) {
  for (const char* name : {"", "a", "a.txt", "a.png", "a.MP4", ".mp4", ".a.mp4", "a.thumbnail.gif",
                           "thumbnail.png", "a.thumbnails.png", "a.mp4.txt", "a.jpeg"}) {
    EXPECT_FALSE(read_follow_name(name)) << name;
    EXPECT_FALSE(is_follow_result(name)) << name;
  }
  EXPECT_FALSE(read_follow_name(".take1.mp4"));
  EXPECT_EQ(read_follow_name("a.take0.mp4")->stem, "a.take0");
  EXPECT_EQ(read_follow_name("a.take99999999999.mp4")->take, 0U);
}

TEST(FollowName, PartialFilesAreHiddenAndOneForEachJob) {
  EXPECT_EQ(partial_name("a", video, 17), ".a.video.job17.reeld-part");
  EXPECT_NE(partial_name("a", video, 17), partial_name("a", video, 18));
  EXPECT_NE(partial_name("a", video, 17), partial_name("a", thumbnail, 17));
  EXPECT_TRUE(is_partial_name(".a.video.job17.reeld-part"));
  EXPECT_FALSE(is_partial_name("a.video.job17.reeld-part"));
  EXPECT_FALSE(is_partial_name(".a.mp4"));
  EXPECT_EQ(classify_name(".a.video.job17.reeld-part").kind, NameKind::other);
}

TEST(FollowName, FitsIntoAFileName) {
  const std::string longest(255 - std::string_view(".take9999.spritesheet.webp").size(), 's');
  EXPECT_TRUE(is_follow_nameable(longest));
  EXPECT_FALSE(is_follow_nameable(longest + "s"));
  EXPECT_EQ(partial_name(std::string(255, 's'), spritesheet, INT64_MAX).size(), 255U);
  EXPECT_TRUE(is_partial_name(partial_name(std::string(255, 's'), spritesheet, INT64_MAX)));
}

}  // namespace
}  // namespace reeld
