// Pairs that appear, and become ready.

#include "intake/intake.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using IntakeOfPairs = IntakeWorld;

TEST_F(IntakeOfPairs, FindsWhatIsThereAtStart) {
  write_pair("a");
  folder_.make_folder("deep/er");
  write_pair("deep/er/b");
  write_pair("done");
  folder_.write("done.job.json", "{}");
  start();
  EXPECT_THAT(listener_.ready_names(), UnorderedElementsAre("a", "deep/er/b"));
  EXPECT_FALSE(intake_->is_scanning());
  EXPECT_EQ(log_.count("pair.ready"), 2);
}

TEST_F(IntakeOfPairs, WhatIsSettledIsForgottenAtOnceUntilItChanges) {
  write_pair("a");
  write_pair("b");
  options_.open_settled = [] {
    return [](const ReadyPair& pair) {
      return pair.job.stem == "a" ? std::make_shared<const Recognition>() : nullptr;
    };
  };
  start();
  EXPECT_THAT(listener_.settled, ElementsAre("a"));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("b"));
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.settled, ElementsAre("a", "a")) << "it is in nobody's memory";
  folder_.write("a.txt", "another prompt");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("b", "a"));
}

TEST_F(IntakeOfPairs, TellsFilesAndIdentities) {
  folder_.make_folder("f");
  folder_.write("f/a.TXT", "hello");
  folder_.write("f/a.Png", make_whole_png());
  start();
  ASSERT_EQ(listener_.ready.size(), 1u);
  const auto& pair = listener_.ready.front();
  EXPECT_EQ(pair.job, (JobName{"f", "a"}));
  EXPECT_EQ(pair.prompt_name, "a.TXT");
  EXPECT_EQ(pair.image_name, "a.Png");
  EXPECT_EQ(pair.identity.prompt.size, 5u);
  EXPECT_EQ(pair.identity.image.size, make_whole_png().size());
  EXPECT_EQ(pair.age_ns, std::max(pair.identity.prompt.mtime_ns, pair.identity.image.mtime_ns));
}

TEST_F(IntakeOfPairs, AreReadyInAnyOrderOfArrival) {
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_whole_png());
  ASSERT_TRUE(run_until_ready(1));
  folder_.write("b.png", make_whole_png());
  ASSERT_TRUE(run_until([&] { return intake_->counts().half == 1; }));
  folder_.write("b.txt", "x");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("a", "b"));
  EXPECT_EQ(intake_->counts().half, 0u);
}

TEST_F(IntakeOfPairs, HaveNamesOfAnyBytes) {
  start();
  const std::string stem = "new\nline \"quote\" \xff";
  write_pair(stem);
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready.front().job.stem, stem);
}

TEST_F(IntakeOfPairs, WaitForTheCloseOfASlowWriter) {
  start();
  folder_.write("a.txt", "x");
  const std::string image = make_whole_png() + std::string(200, 'x');
  UniqueFd writer(::open((folder_ / "a.png").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  for (std::size_t slice = 0; slice < 20; ++slice) {
    const std::size_t length = image.size() / 20;
    ASSERT_EQ(::write(writer.get(), image.data() + slice * length, length), static_cast<ssize_t>(length));
    ASSERT_TRUE(run_scan());
    ASSERT_THAT(listener_.ready, IsEmpty()) << slice;
  }
  EXPECT_EQ(intake_->counts().incomplete, 1u);
  writer.reset();
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready.front().identity.image.size, image.size() / 20 * 20);
  EXPECT_EQ(log_.count("pair.incomplete"), 0);
}

class IntakeOfOpenFiles : public IntakeWorld, public testing::WithParamInterface<bool> {
 protected:
  IntakeOfOpenFiles() {
    options_.asks_leases = GetParam();
    options_.silence = milliseconds(50);
    settings_.incomplete_after = milliseconds(300);
  }
  UniqueFd open(const std::string& name, int flags = O_CREAT) {
    return UniqueFd(::open((folder_ / name).c_str(), O_WRONLY | O_CLOEXEC | flags, 0644));
  }
  void append(const UniqueFd& file, std::string_view text) {
    ASSERT_EQ(::write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
};

TEST_P(IntakeOfOpenFiles, WaitForTheCloseAndSaySo) {
  start();
  folder_.write("a.png", make_whole_png());
  auto writer = open("a.txt");
  append(writer, "the first half");
  ASSERT_TRUE(run_until([&] { return log_.count("pair.incomplete") == 1; }));
  EXPECT_THAT(listener_.ready, IsEmpty());
  append(writer, " and the second");
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready, IsEmpty());
  writer.reset();
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready.front().identity.prompt.size, 29u);
  EXPECT_EQ(log_.count("pair.incomplete"), 1);
}

TEST_P(IntakeOfOpenFiles, WaitForTheCloseOfAFileThatIsRenamedWhileItIsOpen) {
  start();
  folder_.write("a.png", make_whole_png());
  auto writer = open("a.part");
  append(writer, "half");
  ASSERT_TRUE(run_scan());
  folder_.rename("a.part", "a.txt");
  ASSERT_TRUE(run_until([&] { return log_.count("pair.incomplete") == 1; }));
  EXPECT_THAT(listener_.ready, IsEmpty());
  writer.reset();
  EXPECT_TRUE(run_until_ready(1));
}

TEST_P(IntakeOfOpenFiles, TakeBackWhatIsWrittenAnew) {
  write_pair("a");
  start();
  auto writer = open("a.txt", O_APPEND);
  append(writer, " and more");
  ASSERT_TRUE(run_until([&] { return listener_.gone.size() == 1; }));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.ready.size(), 1u);
  writer.reset();
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_EQ(listener_.ready.back().identity.prompt.size, 17u);
}

TEST_P(IntakeOfOpenFiles, TakeAnEmptyFileThatIsOpenForOneThatIsAboutToBeWritten) {
  start();
  folder_.write("a.png", make_whole_png());
  auto writer = open("a.txt");
  ASSERT_TRUE(run_until([&] { return log_.count("pair.incomplete") == 1; }));
  EXPECT_THAT(listener_.bad, IsEmpty());
  append(writer, "words");
  writer.reset();
  EXPECT_TRUE(run_until_ready(1));
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutLeases, IntakeOfOpenFiles, testing::Bool());

TEST_F(IntakeOfPairs, ArePreparedForAPromptThatIsOnlyLaidOut) {
  settings_.incomplete_after = milliseconds(300);
  folder_.write("a.txt", std::string("half\0\0\0", 7));
  folder_.write("a.png", make_whole_png());
  start();
  ASSERT_TRUE(run_until([&] { return log_.count("pair.incomplete") == 1; }));
  EXPECT_THAT(listener_.bad, IsEmpty());
  ASSERT_TRUE(run_until([&] { return listener_.bad.size() == 1; }));
  EXPECT_NE(listener_.bad.front().second.find("ends in zeros"), std::string::npos);
}

TEST_F(IntakeOfPairs, AreReadyWhenRenamedIntoPlace) {
  start();
  folder_.write("a.txt", "x");
  folder_.write(".a.png.partial", make_whole_png());
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready, IsEmpty());
  folder_.rename(".a.png.partial", "a.png");
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfPairs, AreReadyWhenLinkedIntoPlace) {
  folder_.write(".source", make_whole_png());
  start();
  folder_.write("a.txt", "x");
  ASSERT_EQ(::link((folder_ / ".source").c_str(), (folder_ / "a.png").c_str()), 0);
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfPairs, DoNotFollowLinksButSayThatTheyAreThere) {
  folder_.write(".source", make_whole_png());
  folder_.write("a.txt", "x");
  ASSERT_EQ(::symlink(".source", (folder_ / "a.png").c_str()), 0);
  start();
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready, IsEmpty());
  ASSERT_EQ(listener_.bad.size(), 1u);
  EXPECT_NE(listener_.bad.front().second.find("links are not followed"), std::string::npos);
}

TEST_F(IntakeOfPairs, DoNotCountFolders) {
  folder_.write("b.txt", "x");
  folder_.make_folder("b.png");
  start();
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready, IsEmpty());
  EXPECT_EQ(intake_->counts().half, 1u);
}

TEST_F(IntakeOfPairs, AreSaidToBeReadyOnce) {
  write_pair("a");
  start();
  ASSERT_TRUE(run_scan());
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready_names(), ElementsAre("a"));
  EXPECT_THAT(listener_.gone, IsEmpty());
}

TEST_F(IntakeOfPairs, WaitWithoutALeaseUntilTheyAreStill) {
  options_.asks_leases = false;
  settings_.settle = milliseconds(60);
  write_pair("a");
  const auto begin = std::chrono::steady_clock::now();
  start();
  EXPECT_THAT(listener_.ready_names(), ElementsAre("a"));  // the scan is not done before
  EXPECT_GE(std::chrono::steady_clock::now() - begin, settings_.settle);
}

TEST_F(IntakeOfPairs, DoNotWaitWithoutALeaseWhenTheirCloseWasSeen) {
  options_.asks_leases = false;
  settings_.settle = std::chrono::hours(1);
  start();
  write_pair("a");
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfPairs, AreNotMadeOfEmptyFiles) {
  start();
  folder_.write("a.txt", "");
  folder_.write("a.png", make_whole_png());
  ASSERT_TRUE(run_until([&] { return intake_->counts().incomplete == 1; }));
  folder_.write("a.txt", "now");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready.front().identity.prompt.size, 3u);
}

TEST_F(IntakeOfPairs, SurviveAnOverflowOfTheKernelsQueue) {
  start();
  // More events than the kernel keeps for a reader that does not read.
  for (int i = 0; i < 9'000; ++i) {
    const auto name = ".noise" + std::to_string(i);
    const UniqueFd fd(::open((folder_ / name).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    folder_.remove(name);
  }
  write_pair("a");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_GE(log_.count("spool.rescan"), 1);
}

TEST_F(IntakeOfPairs, AreNotSpokenOfAfterStop) {
  start();
  write_pair("a");
  intake_->stop();
  loop_.restart();
  loop_.run();
  EXPECT_THAT(listener_.ready, IsEmpty());
  EXPECT_EQ(listener_.scans, 1);
}

TEST_F(IntakeOfPairs, MayStopFromWithinTheirOwnWord) {
  write_pair("a");
  write_pair("b");
  listener_.when_ready = [&](const JobName&) { intake_->stop(); };
  intake_.emplace(loop_.get_executor(), workers_, folder_.fd(), settings_, log_, listener_, options_);
  intake_->start();
  loop_.run();
  EXPECT_EQ(listener_.ready.size(), 1u);
  EXPECT_EQ(listener_.scans, 0);
}

}  // namespace
}  // namespace reeld
