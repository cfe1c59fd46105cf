#include "intake/watcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/inotify.h>

#include <boost/asio/io_context.hpp>
#include <cstring>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct SeenEvents : WatchListener {
  void on_watch_event(const std::string& folder, const WatchEvent& event) override {
    paths.push_back(folder + ":" + std::string(event.name));
  }
  void on_events_lost() override { ++lost; }
  std::vector<std::string> paths;
  int lost = 0;
};

std::vector<std::byte> make_event(int watch, std::uint32_t mask, std::string_view name) {
  ::inotify_event header{};
  header.wd = watch;
  header.mask = mask;
  header.len = name.empty() ? 0 : 16;
  std::vector<std::byte> bytes(sizeof header + header.len);
  std::memcpy(bytes.data(), &header, sizeof header);
  std::memcpy(bytes.data() + sizeof header, name.data(), name.size());
  return bytes;
}

class Watcher : public testing::Test {
 protected:
  Watcher()
      : inotify_(std::make_shared<const Inotify>(std::get<Inotify>(Inotify::open()))),
        watcher_(std::make_shared<IntakeWatcher>(loop_.get_executor(), inotify_, seen_)) {}

  void tell(int watch, std::uint32_t mask, std::string_view name) {
    watcher_->handle(make_event(watch, mask, name));
  }

  boost::asio::io_context loop_;
  SeenEvents seen_;
  std::shared_ptr<const Inotify> inotify_;
  std::shared_ptr<IntakeWatcher> watcher_;
};

TEST_F(Watcher, TellsEventsByFolder) {
  watcher_->name_watch(1, "", 1);
  watcher_->name_watch(2, "f/g", 1);
  tell(2, IN_CLOSE_WRITE, "a.txt");
  tell(1, IN_CLOSE_WRITE, "b.txt");
  EXPECT_THAT(seen_.paths, ElementsAre("f/g:a.txt", ":b.txt"));
}

TEST_F(Watcher, KeepsEventsUntilAScanHasNamedTheirWatch) {
  tell(3, IN_CLOSE_WRITE, "a.txt");
  EXPECT_THAT(seen_.paths, IsEmpty());
  watcher_->name_watch(3, "f", 1);
  EXPECT_THAT(seen_.paths, ElementsAre("f:a.txt"));
  tell(4, IN_CLOSE_WRITE, "b.txt");
  watcher_->forget_unknown();
  watcher_->name_watch(4, "g", 1);
  EXPECT_EQ(seen_.paths.size(), 1u);
}

TEST_F(Watcher, FollowsAFolderToItsNewName) {
  watcher_->name_watch(1, "old", 1);
  watcher_->name_watch(1, "new", 1);
  watcher_->drop_within("old");
  tell(1, IN_CLOSE_WRITE, "a.txt");
  EXPECT_THAT(seen_.paths, ElementsAre("new:a.txt"));
}

TEST_F(Watcher, DropsAFolderWithAllBelowIt) {
  watcher_->name_watch(1, "f", 1);
  watcher_->name_watch(2, "f/g", 1);
  watcher_->name_watch(3, "f-g", 1);
  watcher_->drop_within("f");
  for (const int watch : {1, 2, 3}) tell(watch, IN_CLOSE_WRITE, "a");
  EXPECT_THAT(seen_.paths, ElementsAre("f-g:a"));
}

TEST_F(Watcher, DropsWhatLaterScansHaveNotNamed) {
  watcher_->name_watch(1, "f", 1);
  watcher_->name_watch(2, "g", 1);
  watcher_->name_watch(2, "g", 2);
  watcher_->drop_older_than(2);
  tell(1, IN_CLOSE_WRITE, "a");
  tell(2, IN_CLOSE_WRITE, "b");
  EXPECT_THAT(seen_.paths, ElementsAre("g:b"));
}

TEST_F(Watcher, LetsAnotherFolderTakeThePath) {
  watcher_->name_watch(1, "f", 1);
  watcher_->name_watch(2, "f", 1);
  tell(1, IN_CLOSE_WRITE, "old");
  tell(2, IN_CLOSE_WRITE, "new");
  EXPECT_THAT(seen_.paths, ElementsAre("f:new"));
}

TEST_F(Watcher, ForgetsAWatchThatTheKernelHasDropped) {
  watcher_->name_watch(1, "f", 1);
  tell(1, IN_IGNORED, "");
  watcher_->forget_unknown();
  tell(1, IN_CLOSE_WRITE, "a");
  EXPECT_THAT(seen_.paths, IsEmpty());
}

TEST_F(Watcher, KnowsWhereAllNamesAreTheUsualOnes) {
  EXPECT_FALSE(watcher_->has_usual_names_only("f"));
  watcher_->name_watch(1, "f", 1);
  EXPECT_FALSE(watcher_->has_usual_names_only("f")) << "it was not read yet";
  watcher_->note_names("f", true);
  EXPECT_FALSE(watcher_->has_usual_names_only("f"));
  watcher_->note_names("f", false);
  EXPECT_TRUE(watcher_->has_usual_names_only("f"));
  tell(1, IN_CLOSE_WRITE, "a.txt");
  tell(1, IN_CLOSE_WRITE, "NOTES.TXT.gz");
  EXPECT_TRUE(watcher_->has_usual_names_only("f"));
  watcher_->name_watch(1, "g", 2);
  EXPECT_TRUE(watcher_->has_usual_names_only("g"));
  EXPECT_FALSE(watcher_->has_usual_names_only("f"));
}

TEST_F(Watcher, AnOddNameThatCameIsRememberedWhateverAReadingHasSeen) {
  watcher_->name_watch(1, "f", 1);
  tell(1, IN_CREATE, "a.Txt");
  watcher_->note_names("f", false);
  watcher_->name_watch(1, "f", 2);
  EXPECT_FALSE(watcher_->has_usual_names_only("f"));
}

TEST_F(Watcher, SaysWhenEventsWereLost) {
  tell(-1, IN_Q_OVERFLOW, "");
  EXPECT_EQ(seen_.lost, 1);
}

TEST_F(Watcher, KeepsOnlySoMany) {
  for (int i = 0; i < 70'000; ++i) tell(9, IN_CLOSE_WRITE, "a");
  EXPECT_EQ(seen_.lost, 1);
}

TEST_F(Watcher, WhatHasBeenToldIsKeptNoLonger) {
  for (int i = 0; i < 70'000; ++i) {
    tell(1 + i % 2, IN_CLOSE_WRITE, "a.txt");
    if (i % 2 == 0) continue;
    watcher_->name_watch(1, "f", 1);
    watcher_->name_watch(2, "g", 1);
    watcher_->drop_within("f");
    watcher_->drop_within("g");
  }
  EXPECT_EQ(seen_.lost, 0);
  EXPECT_EQ(seen_.paths.size(), 70'000u);
}

TEST_F(Watcher, ReadsWhatTheKernelSays) {
  const TempFolder folder;
  const int watch = std::get<int>(inotify_->watch_folder(folder.fd(), "f"));
  watcher_->name_watch(watch, "f", 1);
  watcher_->start();
  folder.write("a.txt", "x");
  loop_.run_one();
  EXPECT_THAT(seen_.paths, ElementsAre("f:a.txt", "f:a.txt", "f:a.txt"));
  watcher_->stop();
  folder.write("b.txt", "x");
  loop_.run();
  EXPECT_EQ(seen_.paths.size(), 3u);
}

}  // namespace
}  // namespace reeld
