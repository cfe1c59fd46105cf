#include "intake/scan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/spool_name.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

struct Scanned {
  std::set<std::string> folders;
  std::set<std::string> names;  // with their folder
  std::set<std::string> odd;    // folders with extensions that are not in lower case
  std::vector<std::string> failed;
  std::size_t unwatched = 0;
};

class ScanOfTree : public testing::Test {
 protected:
  Scanned scan(ScanTask task, const std::stop_token& cancelled = {}) {
    Scanned seen;
    task.root_fd = folder_.fd();
    scan_tree(task, cancelled, [&](const std::vector<ScanMessage>& messages) {
      for (const auto& message : messages) note(message, seen);
    });
    return seen;
  }
  TempFolder folder_;

 private:
  static void note(const ScanMessage& message, Scanned& seen) {
    static std::string folder;
    if (const auto* const opened = std::get_if<FolderOpened>(&message)) {
      folder = opened->path;
      seen.folders.insert(folder);
      if (!opened->watch) ++seen.unwatched;
    }
    if (const auto* const found = std::get_if<NamesFound>(&message)) {
      for (const auto& name : found->names) seen.names.insert(join_path(folder, name));
    }
    if (const auto* const read = std::get_if<FolderRead>(&message)) {
      if (read->has_odd_names) seen.odd.insert(folder);
    }
    if (const auto* const failed = std::get_if<FolderFailed>(&message)) seen.failed.push_back(failed->path);
  }
};

TEST_F(ScanOfTree, TellsTheInputsOfUnfinishedStems) {
  folder_.make_folder("f/g");
  folder_.make_folder(".reeld");
  for (const char* const name :
       {"a.txt", "a.png", "b.txt", "b.png", "b.error.json", "f/g/c.webp", "f/reeld.toml", "f/notes.md",
        ".reeld/d.txt", ".e.txt", "b.JPG", "x.job.json"}) {
    folder_.write(name, "x");
  }
  const auto seen = scan({});
  EXPECT_THAT(seen.folders, UnorderedElementsAre("", "f", "f/g"));
  EXPECT_THAT(seen.names, UnorderedElementsAre("a.txt", "a.png", "f/g/c.webp"));
  EXPECT_EQ(seen.unwatched, 3u);
}

TEST_F(ScanOfTree, TellsOfOddExtensionsOfFinishedInputsToo) {
  for (const char* const folder : {"f", "g", "h"}) folder_.make_folder(folder);
  for (const char* const name : {"f/a.Txt", "f/a.job.json", "g/a.txt", "g/b.JSON", "h/a.PNG"})
    folder_.write(name, "x");
  EXPECT_THAT(scan({}).odd, UnorderedElementsAre("f", "h"));
}

TEST_F(ScanOfTree, BeginsWhereItIsToldAndStaysThere) {
  folder_.make_folder("f/g");
  folder_.write("a.txt", "x");
  folder_.write("f/b.txt", "x");
  folder_.write("f/g/c.txt", "x");
  ScanTask task;
  task.folder = "f";
  EXPECT_THAT(scan(task).names, UnorderedElementsAre("f/b.txt", "f/g/c.txt"));
  task.is_recursive = false;
  EXPECT_THAT(scan(task).names, UnorderedElementsAre("f/b.txt"));
}

TEST_F(ScanOfTree, NeverLooksIntoFoldersThatSystemsMake) {
  for (const std::string folder : {"#recycle", "f/$Recycle.Bin", "Archive"}) {
    folder_.make_folder(folder);
    folder_.write(folder + "/a.txt", "x");
  }
  folder_.write("f/b.txt", "x");
  EXPECT_THAT(scan({}).names, UnorderedElementsAre("f/b.txt", "Archive/a.txt"));
  ScanTask task;
  task.ignored = IgnoredFolders(std::vector<std::string>{"archive", "!#recycle"});
  EXPECT_THAT(scan(task).names, UnorderedElementsAre("f/b.txt", "#recycle/a.txt"));
}

TEST_F(ScanOfTree, WatchesEachFolder) {
  folder_.make_folder("f");
  const auto inotify = std::get<Inotify>(Inotify::open());
  ScanTask task;
  task.inotify = &inotify;
  EXPECT_EQ(scan(task).unwatched, 0u);
  folder_.write("f/a.txt", "x");
  std::vector<std::byte> buffer(4096);
  EXPECT_GT(std::get<std::size_t>(inotify.read_events(buffer)), 0u);
}

TEST_F(ScanOfTree, SaysWhichFolderItCouldNotRead) {
  ScanTask task;
  task.folder = "missing";
  EXPECT_THAT(scan(task).failed, testing::ElementsAre("missing"));
}

TEST_F(ScanOfTree, HoldsManyNames) {
  for (int i = 0; i < 1'500; ++i) {
    folder_.write(std::to_string(i) + ".txt", "x");
    if (i % 2 == 0) folder_.write(std::to_string(i) + ".job.json", "x");
  }
  EXPECT_EQ(scan({}).names.size(), 750u);
}

TEST_F(ScanOfTree, EndsWhenCancelled) {
  folder_.write("a.txt", "x");
  std::stop_source source;
  source.request_stop();
  EXPECT_THAT(scan({}, source.get_token()).names, IsEmpty());
}

TEST_F(ScanOfTree, RemovesTemporariesThatAKilledReeldLeft) {
  const auto stale = temporary_name(1);
  const auto fresh = temporary_name(2);
  folder_.write(stale, "x");
  folder_.write(fresh, "x");
  folder_.write(".mine", "x");
  const auto hours_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
  std::filesystem::last_write_time(folder_ / stale, hours_ago);
  std::filesystem::last_write_time(folder_ / ".mine", hours_ago);
  scan({});
  EXPECT_FALSE(folder_.holds(stale));
  EXPECT_TRUE(folder_.holds(fresh));
  EXPECT_TRUE(folder_.holds(".mine"));
}

}  // namespace
}  // namespace reeld
