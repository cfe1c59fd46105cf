// Folders that come, go, and are renamed while reeld runs; spools without events.

#include <gmock/gmock.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/post.hpp>

#include "intake/engine.hpp"
#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using IntakeOfFolders = IntakeWorld;

TEST_F(IntakeOfFolders, FindsFilesInAFolderMadeAndFilledAtOnce) {
  start();
  folder_.make_folder("x/y/z");
  write_pair("x/y/z/a");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("x/y/z/a"));
  write_pair("x/y/b");
  EXPECT_TRUE(run_until_ready(2));
}

TEST_F(IntakeOfFolders, IsScanningUntilTheFilesOfANewFolderAreDecided) {
  start();
  folder_.make_folder("f");
  write_pair("f/a");
  ASSERT_TRUE(run_until([&] { return intake_->is_scanning() || !listener_.ready.empty(); }));
  EXPECT_THAT(listener_.ready, IsEmpty());
  ASSERT_TRUE(run_until([&] { return !intake_->is_scanning(); }));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("f/a"));
  EXPECT_EQ(listener_.scans, 1);
}

TEST_F(IntakeOfFolders, FindsAFolderThatIsMovedInWithItsFiles) {
  const TempFolder elsewhere;
  std::filesystem::create_directories(elsewhere / "f/sub");
  elsewhere.write("f/sub/a.txt", "x");
  elsewhere.write("f/sub/a.png", make_whole_png());
  start();
  std::filesystem::rename(elsewhere / "f", folder_ / "f");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("f/sub/a"));
}

TEST_F(IntakeOfFolders, FollowsARenamedFolder) {
  folder_.make_folder("old/sub");
  write_pair("old/sub/a");
  folder_.write("old/sub/b.txt", "x");
  start();
  folder_.rename("old", "new");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.gone, ElementsAre("old/sub/a"));
  EXPECT_EQ(listener_.ready.back().job.text(), "new/sub/a");
  folder_.write("new/sub/b.png", make_whole_png());
  ASSERT_TRUE(run_until_ready(3));
  EXPECT_EQ(listener_.ready.back().job.text(), "new/sub/b");
  EXPECT_EQ(intake_->counts().half, 0u);
}

TEST_F(IntakeOfFolders, LetsGoOfAFolderThatIsMovedOut) {
  const TempFolder elsewhere;
  folder_.make_folder("f");
  write_pair("f/a");
  start();
  std::filesystem::rename(folder_ / "f", elsewhere / "f");
  ASSERT_TRUE(run_until([&] { return listener_.gone.size() == 1; }));
  elsewhere.write("f/b.txt", "x");
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(intake_->counts().half, 0u);
}

TEST_F(IntakeOfFolders, LetsGoOfARemovedFolderAndTakesItUpAgain) {
  folder_.make_folder("f");
  write_pair("f/a");
  start();
  folder_.remove("f");
  ASSERT_TRUE(run_until([&] { return listener_.gone.size() == 1; }));
  folder_.make_folder("f");
  write_pair("f/a");
  EXPECT_TRUE(run_until_ready(2));
}

TEST_F(IntakeOfFolders, LooksIntoNoHiddenFolder) {
  folder_.make_folder(".reeld");
  write_pair(".reeld/a");
  start();
  folder_.make_folder(".hidden");
  write_pair(".hidden/b");
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready, IsEmpty());
}

TEST_F(IntakeOfFolders, LooksIntoNoFolderUnlessAskedTo) {
  settings_.recursive = false;
  folder_.make_folder("f");
  write_pair("f/a");
  start();
  folder_.make_folder("g");
  write_pair("g/b");
  write_pair("c");
  ASSERT_TRUE(run_until_ready(1));
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready_names(), ElementsAre("c"));
}

TEST_F(IntakeOfFolders, ScansAgainByItself) {
  settings_.rescan = milliseconds(20);
  start();
  EXPECT_TRUE(run_until([&] { return listener_.scans >= 3; }));
}

TEST_F(IntakeOfFolders, PollsWhereEventsDoNotServe) {
  options_.polls = true;
  settings_.poll = milliseconds(20);
  start();
  folder_.make_folder("f");
  write_pair("f/a");
  folder_.write("f/b.txt", "x");
  ASSERT_TRUE(run_until_ready(1));
  folder_.write("f/b.png", make_whole_png());
  ASSERT_TRUE(run_until_ready(2));
  folder_.remove("f/a.png");
  ASSERT_TRUE(run_until([&] { return !listener_.gone.empty(); }));
  EXPECT_THAT(listener_.gone, ElementsAre("f/a"));
  folder_.write("f/b.job.json", "{}");
  ASSERT_TRUE(run_until([&] { return listener_.gone.size() == 2; }));
  EXPECT_EQ(log_.count("spool.polling"), 1);
}

TEST_F(IntakeOfFolders, PollsWithoutAnsweringForFilesThatGrow) {
  options_.polls = true;
  options_.asks_leases = false;
  options_.silence = milliseconds(200);
  settings_.settle = milliseconds(100);
  settings_.poll = milliseconds(10);
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  ASSERT_TRUE(run_until([&] { return intake_->counts().incomplete == 1; }));
  const auto written = std::chrono::steady_clock::now();
  folder_.write("a.png", make_whole_png() + "more");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready.back().identity.image.size, make_whole_png().size() + 4);
  EXPECT_GE(std::chrono::steady_clock::now() - written, settings_.settle);
}

/// Looks meet the spool as somebody who is not its owner.
class IntakeOfAnothersFolders : public IntakeWorld {
 protected:
  IntakeOfAnothersFolders() {
    options_.quiet = milliseconds(0);
    options_.first_retry = std::chrono::hours(1);  // so late that only an event can be why
    constexpr uid_t nobody = 65'534;
    if (::geteuid() == 0) boost::asio::post(workers_, [] { ::setfsuid(nobody); });
    allow("", true);
    folder_.make_folder("f");
  }
  ~IntakeOfAnothersFolders() override { allow("f", true); }

  void allow(const std::string& folder, bool is_open) {
    const mode_t mode = is_open ? 0777 : 0600;
    ASSERT_EQ(::chmod((folder_ / folder).c_str(), mode), 0);
  }
};

TEST_F(IntakeOfAnothersFolders, WhatCouldNotBeLookedAtIsLookedAtOnceItsFolderAllowsIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be two users at once";
  allow("f", true);
  start();
  allow("f", false);
  write_pair("f/a");
  ASSERT_TRUE(run_until([&] { return log_.count("pair.unreadable") == 1; }));
  EXPECT_THAT(log_.texts("pair.unreadable"), HasSubstr("Permission denied"));
  EXPECT_THAT(listener_.ready, IsEmpty());
  allow("f", true);
  ASSERT_TRUE(run_until_ready(1));
}

/// [submit] ask_above: what a restored folder brings is asked about, though its mode is set last.
TEST_F(IntakeOfAnothersFolders, WhatAScanHasFoundCountsAsFoundHoweverLateItCanBeLookedAt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be two users at once";
  write_pair("f/a");
  allow("f", false);
  start();
  ASSERT_TRUE(run_until([&] { return log_.count("pair.unreadable") == 1; }));
  allow("f", true);
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_TRUE(listener_.ready.back().is_found);
}

class EngineOfFolders : public IntakeWorld {
 protected:
  EngineOfFolders() {
    options_.quiet = milliseconds(0);
    settings_.poll = milliseconds(20);
    engine_ = std::make_shared<IntakeEngine>(loop_.get_executor(), workers_, folder_.fd(), settings_, log_,
                                             listener_, options_);
    engine_->start();
  }
  ~EngineOfFolders() override { engine_->stop(); }
  std::shared_ptr<IntakeEngine> engine_;
};

TEST_F(EngineOfFolders, SaysOnceThatAFolderCannotBeRead) {
  ASSERT_TRUE(run_until([&] { return listener_.scans == 1; }));
  const FolderFailed denied{"f", make_sys_error("open the folder", "f", EACCES)};
  const FolderFailed vanished{"g", make_sys_error("open the folder", "g", ENOENT)};
  ScanListener& scans = *engine_;
  scans.on_scan_messages({denied, denied, vanished});
  EXPECT_EQ(log_.count("folder.unreadable"), 1);
  EXPECT_THAT(log_.texts("folder.unreadable"), HasSubstr("Permission denied"));
  scans.on_scan_messages({FolderOpened{"f", std::nullopt}, FolderRead{}, denied});
  EXPECT_EQ(log_.count("folder.unreadable"), 2);
}

TEST_F(EngineOfFolders, ScansAgainWhenEventsWereLost) {
  ASSERT_TRUE(run_until([&] { return listener_.scans == 1; }));
  WatchListener& watches = *engine_;
  watches.on_events_lost();
  EXPECT_TRUE(engine_->is_scanning());
  watches.on_events_lost();  // one more, since this one may have passed by what was lost
  ASSERT_TRUE(run_until([&] { return listener_.scans == 2; }));
  EXPECT_FALSE(engine_->is_scanning())
      << "the scan was said to be done before the one that it made necessary";
  EXPECT_EQ(log_.count("spool.rescan"), 2);
}

TEST_F(EngineOfFolders, PollsWhenOutOfWatches) {
  ASSERT_TRUE(run_until([&] { return listener_.scans == 1; }));
  ScanListener& scans = *engine_;
  scans.on_scan_messages({PollingNeeded{"out of watches"}, PollingNeeded{"out of watches"}});
  EXPECT_EQ(log_.count("spool.polling"), 1);
  EXPECT_TRUE(run_until([&] { return listener_.scans == 2; })) << "the first poll waited for the next rescan";
}

}  // namespace
}  // namespace reeld
