// Pairs that change, cannot be submitted, or are given back.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const JobName job_a{"", "a"};

class IntakeOfChanges : public IntakeWorld {
 protected:
  void start_with_pair() {
    write_pair("a");
    start();
    ASSERT_EQ(listener_.ready.size(), 1u);
  }
  bool run_until_gone(std::size_t count) {
    return run_until([&, count] { return listener_.gone.size() >= count; });
  }
};

TEST_F(IntakeOfChanges, ALostFileMakesAPairGone) {
  start_with_pair();
  folder_.remove("a.png");
  ASSERT_TRUE(run_until_gone(1));
  ASSERT_TRUE(run_until([&] { return intake_->counts().half == 1; }));
  folder_.write("a.png", make_whole_png());
  EXPECT_TRUE(run_until_ready(2));
}

TEST_F(IntakeOfChanges, ARewrittenFileMakesItGoneAndReadyAnew) {
  start_with_pair();
  folder_.write("a.txt", "another prompt");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.gone, ElementsAre("a"));
  EXPECT_EQ(listener_.ready.back().identity.prompt.size, 14u);
}

TEST_F(IntakeOfChanges, AReplacedFileMakesItGoneAndReadyAnew) {
  start_with_pair();
  folder_.write(".new", make_whole_png());
  folder_.rename(".new", "a.png");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.gone, ElementsAre("a"));
  EXPECT_NE(listener_.ready.front().identity.image.inode, listener_.ready.back().identity.image.inode);
}

TEST_F(IntakeOfChanges, ATouchChangesNothing) {
  options_.asks_leases = false;
  start_with_pair();
  for (const std::int64_t time : {1'700'000'000, 1'800'000'000}) {
    const std::array<::timespec, 2> times{{{time, 1}, {time, 1}}};
    for (const char* const name : {"a.txt", "a.png"})
      ASSERT_EQ(::utimensat(folder_.fd(), name, times.data(), 0), 0);
    ASSERT_TRUE(run_scan());
  }
  ASSERT_EQ(::chmod((folder_ / "a.txt").c_str(), 0600), 0);
  // As `touch` does: opened for writing, and closed.
  const UniqueFd file(::open((folder_ / "a.png").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::futimens(file.get(), nullptr), 0);
  ASSERT_TRUE(run_scan());
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.gone, IsEmpty());
  EXPECT_EQ(listener_.ready.size(), 1u);
}

TEST_F(IntakeOfChanges, ATouchOfOneThatWaitsForTheOtherChangesNothing) {
  options_.asks_leases = false;
  options_.silence = std::chrono::minutes(10);
  start();
  folder_.write("a.txt", "a prompt");
  ASSERT_TRUE(run_scan());
  const std::array<::timespec, 2> times{{{1'700'000'000, 1}, {1'700'000'000, 1}}};
  ASSERT_EQ(::utimensat(folder_.fd(), "a.txt", times.data(), 0), 0);
  folder_.write("a.png", make_cut_png());
  ASSERT_TRUE(run_scan());
  ASSERT_EQ(::utimensat(folder_.fd(), "a.txt", nullptr, 0), 0);
  ASSERT_TRUE(run_scan());
  folder_.write("a.png", make_whole_png());
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfChanges, AWriteThatKeepsSizeAndTimeIsAChange) {
  start_with_pair();
  const auto before = listener_.ready.front().identity.prompt;
  const UniqueFd file(::open((folder_ / "a.txt").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::pwrite(file.get(), "A", 1, 0), 1);
  const std::array<::timespec, 2> times{{{before.mtime_ns / 1'000'000'000, before.mtime_ns % 1'000'000'000},
                                         {before.mtime_ns / 1'000'000'000, before.mtime_ns % 1'000'000'000}}};
  ASSERT_EQ(::futimens(file.get(), times.data()), 0);
  EXPECT_TRUE(run_until_gone(1));
}

TEST_F(IntakeOfChanges, ASecondImageMakesItAmbiguousUntilOneIsRemoved) {
  start_with_pair();
  folder_.write("a.jpg", make_whole_png());
  ASSERT_TRUE(run_until_gone(1));
  ASSERT_TRUE(run_until([&] { return intake_->counts().ambiguous == 1; }));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(log_.count("pair.ambiguous"), 1);
  EXPECT_THAT(log_.texts("pair.ambiguous"), HasSubstr("a.jpg"));
  folder_.remove("a.jpg");
  ASSERT_TRUE(run_until_ready(2));
  folder_.write("a.TXT", "second");
  ASSERT_TRUE(run_until([&] { return log_.count("pair.ambiguous") == 2; }));
}

TEST_F(IntakeOfChanges, AResultOfSomebodyElseFinishesIt) {
  start_with_pair();
  folder_.write("a.job.json", "{}");
  ASSERT_TRUE(run_until_gone(1));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.ready.size(), 1u);
}

TEST_F(IntakeOfChanges, ARemovedResultMakesItACandidateAgain) {
  write_pair("a");
  folder_.write("a.error.json", "{}");
  start();
  EXPECT_THAT(listener_.ready, IsEmpty());
  folder_.remove("a.error.json");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(listener_.ready.front().image_name, "a.png");
}

TEST_F(IntakeOfChanges, WhatCameUnderAnOddNameIsFoundWhenItsResultIsRemoved) {
  start();
  folder_.write("b.TXT", "a prompt");
  folder_.write("b.pnG", make_whole_png());
  ASSERT_TRUE(run_until_ready(1));
  folder_.write("b.error.json", "{}");
  ASSERT_TRUE(run_until_gone(1));
  folder_.remove("b.error.json");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_EQ(listener_.ready.back().prompt_name, "b.TXT");
}

TEST_F(IntakeOfChanges, WhatAScanFoundUnderAnOddNameIsFoundWhenItsResultIsRemoved) {
  folder_.write("b.TXT", "a prompt");
  folder_.write("b.pnG", make_whole_png());
  folder_.write("b.error.json", "{}");
  start();
  folder_.remove("b.error.json");
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfChanges, ASecondImageOfAnOddNameMakesItAmbiguous) {
  start_with_pair();
  folder_.write("a.JPG", make_whole_png());
  ASSERT_TRUE(run_until_gone(1));
  EXPECT_TRUE(run_until([&] { return intake_->counts().ambiguous == 1; }));
}

TEST_F(IntakeOfChanges, AResultMovedAwayFromTwoMakesNothingOfTheOther) {
  write_pair("a");
  folder_.write("a.error.json", "{}");
  folder_.write("a.doubt.json", "{}");
  start();
  folder_.remove("a.error.json");
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready, IsEmpty());
}

TEST_F(IntakeOfChanges, AForgottenPairIsLeftAloneUntilItsFilesChange) {
  start_with_pair();
  intake_->forget(job_a);
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.ready.size(), 1u);
  folder_.write("a.txt", "other words");
  ASSERT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.gone, IsEmpty());
}

TEST_F(IntakeOfChanges, AForgottenPairIsLookedAtWhenItsErrorIsRemoved) {
  start_with_pair();
  folder_.write(".temporary", "{}");
  folder_.rename(".temporary", "a.error.json");
  intake_->forget(job_a);
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.gone, IsEmpty());
  folder_.remove("a.error.json");
  EXPECT_TRUE(run_until_ready(2));
}

TEST_F(IntakeOfChanges, MayBeForgottenWithinItsOwnWord) {
  listener_.when_ready = [&](const JobName& job) { intake_->forget(job); };
  start_with_pair();
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.ready.size(), 1u);
}

TEST_F(IntakeOfChanges, APairGivenBackIsDecidedAnew) {
  start_with_pair();
  intake_->look_again(job_a);
  EXPECT_TRUE(run_until_ready(2));
  EXPECT_THAT(listener_.gone, IsEmpty());
}

TEST_F(IntakeOfChanges, APairGivenBackAgainAndAgainIsNotAskedForInARow) {
  start_with_pair();
  intake_->look_again(job_a);
  ASSERT_TRUE(run_until_ready(2));
  const auto begin = std::chrono::steady_clock::now();
  intake_->look_again(job_a);
  ASSERT_TRUE(run_until_ready(3));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

TEST_F(IntakeOfChanges, ACutImageWaitsThenIsBad) {
  settings_.incomplete_after = milliseconds(100);
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_cut_png());
  ASSERT_TRUE(run_until([&] { return !listener_.bad.empty(); }));
  EXPECT_EQ(listener_.bad.front().first, "a");
  EXPECT_THAT(listener_.bad.front().second, HasSubstr("a.png: "));
  EXPECT_EQ(log_.count("pair.incomplete"), 1);
  EXPECT_THAT(listener_.ready, IsEmpty());
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.bad.size(), 1u);
  folder_.write("a.png", make_whole_png());
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_THAT(listener_.gone, ElementsAre("a"));
}

TEST_F(IntakeOfChanges, ACutImageThatIsCompletedIsReady) {
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_cut_png());
  ASSERT_TRUE(run_until([&] { return log_.count("pair.incomplete") == 1; }));
  EXPECT_EQ(intake_->counts().incomplete, 1u);
  folder_.write("a.png", make_whole_png());
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfChanges, WhatIsNoImageIsBadAtOnce) {
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", "this is no image at all");
  ASSERT_TRUE(run_until([&] { return !listener_.bad.empty(); }));
  intake_->forget(job_a);
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.bad.size(), 1u);
}

TEST_F(IntakeOfChanges, AnErrorThatCouldNotBeWrittenIsAskedForLater) {
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", "this is no image at all");
  ASSERT_TRUE(run_until([&] { return listener_.bad.size() == 1; }));
  const auto begin = std::chrono::steady_clock::now();
  intake_->look_again(job_a);
  ASSERT_TRUE(run_until([&] { return listener_.bad.size() == 2; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1));
}

/// Where events do not serve, and no scan is due: only what the listener says leads to a look.
class IntakeOfChangesWithoutEvents : public IntakeOfChanges {
 protected:
  IntakeOfChangesWithoutEvents() {
    options_.polls = true;
    settings_.poll = std::chrono::hours(1);
  }
  bool run_until_decided() {
    return run_until([&] { return intake_->counts().undecided == 0; });
  }
};

TEST_F(IntakeOfChangesWithoutEvents, APairWithAnErrorIsFinishedUntilItIsRemoved) {
  start_with_pair();
  folder_.write("a.error.json", "{}");
  intake_->look_again(job_a);
  ASSERT_TRUE(run_until_decided());
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.ready.size(), 1u);
  folder_.remove("a.error.json");
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(listener_.ready.size(), 2u);
  EXPECT_THAT(listener_.gone, IsEmpty());
}

TEST_F(IntakeOfChangesWithoutEvents, APairWhoseErrorWasRemovedBeforeALookIsReadyAgain) {
  start_with_pair();
  folder_.write("a.error.json", "{}");
  folder_.remove("a.error.json");
  intake_->look_again(job_a);
  EXPECT_TRUE(run_until_ready(2));
}

TEST_F(IntakeOfChangesWithoutEvents, AWrittenErrorIsFoundWithoutThePauseOfOneThatWasNot) {
  for (const std::string stem : {"a", "b"}) {
    folder_.write(stem + ".txt", "x");
    folder_.write(stem + ".png", "this is no image at all");
  }
  start();
  ASSERT_EQ(listener_.bad.size(), 2u);
  intake_->look_again({"", "b"});
  folder_.write("a.error.json", "{}");
  intake_->look_again(job_a);
  ASSERT_TRUE(run_until([&] { return intake_->counts().undecided == 1; }));
  EXPECT_EQ(listener_.bad.size(), 2u) << "the look at a waited for as long as b";
  ASSERT_TRUE(run_until([&] { return listener_.bad.size() == 3; }));
  EXPECT_EQ(listener_.bad.back().first, "b");
}

TEST_F(IntakeOfChangesWithoutEvents, OtherFilesEndThePauseOfAPairThatWasGivenBack) {
  folder_.write("a.txt", "x");
  folder_.write("a.png", "this is no image at all");
  start();
  intake_->look_again(job_a);
  folder_.write("a.png", make_whole_png());
  ASSERT_TRUE(run_scan());
  EXPECT_THAT(listener_.ready_names(), ElementsAre("a"));
}

TEST_F(IntakeOfChanges, AnImageOverTheLimitIsNotJudged) {
  settings_.max_image = Bytes{20};
  start();
  folder_.write("a.txt", "x");
  folder_.write("a.png", make_cut_png());
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfChanges, HalfAPairIsAnOrphanOnce) {
  settings_.incomplete_after = milliseconds(50);
  folder_.write("a.txt", "x");
  folder_.write("b.png", make_whole_png());
  start();
  ASSERT_TRUE(run_until([&] { return log_.count("pair.orphan") == 2; }));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(log_.count("pair.orphan"), 2);
  EXPECT_EQ(intake_->counts().half, 2u);
  folder_.write("a.png", make_whole_png());
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfChanges, ANameTooLongForItsResultsIsSaidOnce) {
  start();
  write_pair(std::string(245, 'x'));
  ASSERT_TRUE(run_until([&] { return log_.count("pair.unnameable") == 1; }));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(log_.count("pair.unnameable"), 1);
  EXPECT_THAT(listener_.ready, IsEmpty());
}

TEST_F(IntakeOfChanges, AnUnreadableFileIsSaidAndTriedAgain) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  options_.quiet = milliseconds(0);
  write_pair("a");
  std::filesystem::permissions(folder_ / "a.txt", std::filesystem::perms::none);
  start();
  EXPECT_EQ(log_.count("pair.unreadable"), 1);
  std::filesystem::permissions(folder_ / "a.txt", std::filesystem::perms::owner_read);
  EXPECT_TRUE(run_until_ready(1));
}

}  // namespace
}  // namespace reeld
