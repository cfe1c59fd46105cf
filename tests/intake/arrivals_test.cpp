// What comes with a folder counts together, however long it takes.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "async/steady_now.hpp"
#include "intake/engine.hpp"
#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;

/// Events are told by the test: nothing else says when they come.
class IntakeOfArrivals : public IntakeWorld {
 protected:
  IntakeOfArrivals() { options_.arrival_silence = 500ms; }
  ~IntakeOfArrivals() override {
    if (engine_) engine_->stop();
  }

  void start_engine() {
    engine_ = std::make_shared<IntakeEngine>(loop_.get_executor(), workers_, folder_.fd(), settings_, log_,
                                             listener_, options_);
    engine_->start();
    ASSERT_TRUE(run_until([this] { return listener_.scans == 1; }));
  }
  void tell(const std::string& folder, WatchFlag flag, const std::string& name, bool is_folder = false) {
    const auto flags = static_cast<std::uint32_t>(flag) |
                       (is_folder ? static_cast<std::uint32_t>(WatchFlag::is_folder) : 0U);
    static_cast<WatchListener&>(*engine_).on_watch_event(folder, {-1, flags, name});
  }
  void make_folder(const std::string& name) {
    ASSERT_EQ(::mkdir((folder_.path() + "/" + name).c_str(), 0755), 0);
    tell("", WatchFlag::created, name, true);
  }
  void make_old_folder(const std::string& name) {
    ASSERT_EQ(::mkdir((folder_.path() + "/" + name).c_str(), 0755), 0);
    set_old(name);
  }
  void set_old(const std::string& name) {
    const ::timespec hour_ago{::time(nullptr) - 3600, 0};
    const ::timespec times[2] = {hour_ago, hour_ago};
    ASSERT_EQ(::utimensat(AT_FDCWD, (folder_.path() + "/" + name).c_str(), times, 0), 0);
  }
  void wait(milliseconds time) {
    const SteadyTime end = steady_now() + time;
    run_until([end] { return steady_now() >= end; });
  }

  std::shared_ptr<IntakeEngine> engine_;
};

TEST_F(IntakeOfArrivals, APairThatWaitsForItsFolderKeepsWhatItHasComeWith) {
  start_engine();
  make_folder("film");
  folder_.write("film/reeld.toml", "model = ");
  write_pair("film/a");
  ASSERT_TRUE(run_until([this] { return log_.count("folder.misconfigured") == 1; }));
  wait(options_.arrival_silence * 2);
  folder_.write("film/reeld.toml", "model = \"x\"");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_NE(listener_.ready[0].arriving, 0u);
}

TEST_F(IntakeOfArrivals, AFileOfAnyOtherNameIsAPartOfWhatIsBeingCopied) {
  start_engine();
  make_folder("film");
  for (const char* const name : {"clip.mov", ".a.png.x7Gh2k", "clip.mov", ".a.png.x7Gh2k"}) {
    wait(options_.arrival_silence * 2 / 3);
    tell("film", WatchFlag::modified, name);
  }
  write_pair("film/a");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_NE(listener_.ready[0].arriving, 0u);
}

TEST_F(IntakeOfArrivals, WhatGoesOrChangesItsModeIsNot) {
  start_engine();
  make_folder("film");
  for (const WatchFlag flag : {WatchFlag::deleted, WatchFlag::attributes_changed, WatchFlag::moved_out}) {
    wait(options_.arrival_silence * 2 / 3);
    tell("film", flag, "render.log");
  }
  write_pair("film/a");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready[0].arriving, 0u);
}

TEST_F(IntakeOfArrivals, WhatReeldItselfWritesIsNot) {
  start_engine();
  make_folder("film");
  for (int i = 0; i < 4; ++i) {
    wait(options_.arrival_silence * 2 / 3);
    tell("film", WatchFlag::moved_in, "b.job.json");
  }
  write_pair("film/a");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready[0].arriving, 0u);
}

TEST_F(IntakeOfArrivals, AFolderThatWasBeingFilledAtTheStartStillIs) {
  make_old_folder("old");
  write_pair("old/a");
  set_old("old");
  ASSERT_EQ(::mkdir((folder_.path() + "/new").c_str(), 0755), 0);
  write_pair("new/b");
  start_engine();
  ASSERT_TRUE(run_until_ready(2));
  for (const ReadyPair& pair : listener_.ready) EXPECT_EQ(pair.arriving != 0, pair.job.folder == "new");
}

TEST_F(IntakeOfArrivals, AnOldFolderIsOnlyWhereAMassWasInHand) {
  for (const bool is_amid_mass : {false, true}) {
    if (engine_) engine_->stop();
    listener_ = {};
    options_.is_amid_mass = is_amid_mass;
    const std::string name = is_amid_mass ? "amid" : "quiet";
    make_old_folder(name);
    start_engine();
    const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
    const std::chrono::nanoseconds born = now - 2h;
    static_cast<ScanListener&>(*engine_).on_scan_messages(
        {FolderOpened{name, std::nullopt, now.count(), born.count()}, FolderRead{}});
    write_pair(name + "/a");
    ASSERT_TRUE(run_until_ready(1));
    EXPECT_EQ(listener_.ready[0].arriving != 0, is_amid_mass);
  }
}

TEST_F(IntakeOfArrivals, OnAShareWithoutEventsEachScanCountsByItself) {
  options_.polls = true;
  settings_.poll = 20ms;
  start_engine();
  ASSERT_EQ(::mkdir((folder_.path() + "/film").c_str(), 0755), 0);
  write_pair("film/a");
  ASSERT_TRUE(run_until_ready(1));
  write_pair("film/b");
  ASSERT_TRUE(run_until_ready(2));
  for (const ReadyPair& pair : listener_.ready) {
    EXPECT_TRUE(pair.is_found) << pair.job.text();
    EXPECT_EQ(pair.arriving, 0u) << pair.job.text();
  }
}

/// Where events do not serve, a folder is listed again and again.
TEST_F(IntakeOfArrivals, WhatIsListedAgainDoesNotKeepAFolderArriving) {
  start_engine();
  make_folder("film");
  folder_.write("film/cover.jpg", "a picture without a prompt");
  for (int i = 0; i < 4; ++i) {
    wait(options_.arrival_silence * 2 / 3);
    static_cast<ScanListener&>(*engine_).on_scan_messages(
        {FolderOpened{"film", std::nullopt}, NamesFound{{"cover.jpg"}}, FolderRead{}});
  }
  write_pair("film/a");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready[0].arriving, 0u);
}

}  // namespace
}  // namespace reeld
