#include "intake/writes.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

WatchEvent make_event(WatchFlag flag, std::string_view name, std::uint32_t cookie = 0) {
  return {1, static_cast<std::uint32_t>(flag), name, cookie};
}

TEST(WritesUnderWay, LastFromAWriteToAClose) {
  WritesUnderWay writes;
  writes.note("f", make_event(WatchFlag::modified, "a.txt"));
  writes.note("f", make_event(WatchFlag::modified, "a.txt"));
  EXPECT_TRUE(writes.is_open("f", "a.txt"));
  EXPECT_FALSE(writes.is_open("g", "a.txt"));
  EXPECT_FALSE(writes.is_open("f", "b.txt"));
  writes.note("f", make_event(WatchFlag::closed_after_write, "a.txt"));
  EXPECT_FALSE(writes.is_open("f", "a.txt"));
  writes.note("f", make_event(WatchFlag::modified, "a.txt"));
  EXPECT_TRUE(writes.is_open("f", "a.txt")) << "a second writer";
  writes.note("f", make_event(WatchFlag::deleted, "a.txt"));
  EXPECT_FALSE(writes.is_open("f", "a.txt"));
  EXPECT_EQ(writes.size(), 0u);
}

TEST(WritesUnderWay, GoWithARenamedFile) {
  WritesUnderWay writes;
  writes.note("f", make_event(WatchFlag::modified, "a.part"));
  writes.note("f", make_event(WatchFlag::moved_out, "a.part", 7));
  EXPECT_FALSE(writes.is_open("f", "a.part"));
  writes.note("g", make_event(WatchFlag::moved_in, "a.txt", 7));
  EXPECT_TRUE(writes.is_open("g", "a.txt"));
  writes.note("g", make_event(WatchFlag::moved_in, "a.txt", 8));
  EXPECT_FALSE(writes.is_open("g", "a.txt")) << "a closed one has taken its place";
  writes.note("g", make_event(WatchFlag::moved_in, "b.txt", 7));
  EXPECT_FALSE(writes.is_open("g", "b.txt")) << "it was moved once";
}

TEST(WritesUnderWay, OfOneThatLeavesAreForgotten) {
  WritesUnderWay writes;
  for (std::uint32_t cookie = 1; cookie <= 40; ++cookie) {
    writes.note("f", make_event(WatchFlag::modified, "a"));
    writes.note("f", make_event(WatchFlag::moved_out, "a", cookie));
  }
  writes.note("f", make_event(WatchFlag::moved_in, "b", 1));
  EXPECT_FALSE(writes.is_open("f", "b"));
  writes.note("f", make_event(WatchFlag::moved_in, "b", 40));
  EXPECT_TRUE(writes.is_open("f", "b"));
}

TEST(WritesUnderWay, AreDroppedWithTheirFolder) {
  WritesUnderWay writes;
  for (const std::string folder : {"f", "f/g", "f-g"})
    writes.note(folder, make_event(WatchFlag::modified, "a"));
  writes.drop_within("f");
  EXPECT_FALSE(writes.is_open("f/g", "a"));
  EXPECT_TRUE(writes.is_open("f-g", "a"));
  EXPECT_EQ(writes.size(), 1u);
  writes.forget();
  EXPECT_EQ(writes.size(), 0u);
  EXPECT_FALSE(writes.is_open("f-g", "a"));
}

TEST(WritesUnderWay, SayWhenTheyAreTooMany) {
  WritesUnderWay writes;
  for (int i = 0; i < 65'536; ++i) {
    EXPECT_FALSE(writes.is_full());
    writes.note("f", make_event(WatchFlag::modified, std::to_string(i)));
  }
  EXPECT_TRUE(writes.is_full());
}

}  // namespace
}  // namespace reeld
