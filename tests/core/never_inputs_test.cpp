#include "core/never_inputs.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(IgnoredFolders, AreThoseThatSystemsMake) {
  const IgnoredFolders folders;
  for (const std::string_view name :
       {"#recycle", "@Recycle", "@Recently-Snapshot", "$RECYCLE.BIN", "$Recycle.Bin", "RECYCLER", "recycler",
        "System Volume Information", "lost+found", "@eaDir", "#snapshot", "__MACOSX", "Network Trash Folder",
        "Temporary Items"}) {
    EXPECT_TRUE(folders.contains(name)) << name;
    EXPECT_TRUE(is_ignored_by_default(name)) << name;
  }
  for (const std::string_view name : {"", "recycle", "films", "#recycled", "lost+found2", "Temporary"})
    EXPECT_FALSE(folders.contains(name)) << name;
}

TEST(IgnoredFolders, CanBeAddedAndTakenOff) {
  const IgnoredFolders folders(std::vector<std::string>{"Archive", "!LOST+FOUND"});
  EXPECT_TRUE(folders.contains("ARCHIVE"));
  EXPECT_FALSE(folders.contains("lost+found"));
  EXPECT_TRUE(folders.contains("#recycle"));
}

TEST(IgnoredFolders, CountWhereverTheyAreInAPath) {
  const IgnoredFolders folders;
  EXPECT_FALSE(folders.covers(""));
  EXPECT_FALSE(folders.covers("films/a"));
  EXPECT_TRUE(folders.covers("#recycle"));
  EXPECT_TRUE(folders.covers("films/#Recycle/a"));
  EXPECT_TRUE(folders.covers("films/a/@eaDir"));
}

TEST(IsConflictCopy, KnowsTheNamesThatProgramsGive) {
  for (const std::string_view stem :
       {"scene.sync-conflict-20260131-120000-ABCDEFG", "scene_conflict-20260131-120000",
        "scene_conflict-20260131", "scene (conflicted copy 2026-01-31 120000)",
        "scene (Ann's conflicted copy 2026-01-31)", "scene (Ann's conflicted copy)",
        "scene (conflicted copy Ann)", "scene (conflicted copy 2026-01-31) (1)",
        "scene (conflicted copy 2026-01-31", "scene (Case Conflict)", "scene (Case Conflict 1)",
        "(case conflict)"})
    EXPECT_TRUE(is_conflict_copy(stem)) << stem;
}

TEST(IsConflictCopy, LeavesWhatPeopleWriteAlone) {
  for (const std::string_view stem :
       {"", "conflict", "scene_conflict-1", "scene_conflict-2026013", "scene_conflict-202601311",
        "sync-conflict-20260131", "scene (conflicted copy)", "scene (conflicted copy )",
        "conflicted copy 2026", "scene (a) conflicted copy 2", "scene (Case Conflict) two",
        "scene (Case Conflicts)", "the case conflict"})
    EXPECT_FALSE(is_conflict_copy(stem)) << stem;
}

}  // namespace
}  // namespace reeld
