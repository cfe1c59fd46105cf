#include "runtime/owed_results.hpp"

#include <gtest/gtest.h>

#include "sys/safe_open.hpp"
#include "sys/temp_folder.hpp"

namespace reeld {
namespace {

class OwedResultsTest : public ::testing::Test {
 protected:
  OwedResultsTest() {
    spool_.make_folder("a/b");
    const auto fd = find("a/b");
    record_.folder = identify_folder(fd.get());
    record_.job.name = {"a/b", "s"};
    record_.job.state = LedgerState::accepted;
    record_.prompt_name = "s.txt";
    record_.image_name = "s.png";
    record_.end.answer = "{\"id\":\"video_1\"}";
  }

  UniqueFd find(const std::string& path) const {
    return UniqueFd(::open((spool_ / path).c_str(), O_RDONLY | O_DIRECTORY));
  }
  bool is_found() const {
    const UniqueFd folder = find_folder_of(spool_.fd(), record_);
    return folder && identify_folder(folder.get()) == record_.folder;
  }

  TempFolder spool_;
  JobRecord record_;
};

TEST_F(OwedResultsTest, TheFolderIsFoundUnderItsOldName) {
  EXPECT_TRUE(is_found());
  EXPECT_TRUE(open_folder_of(spool_.fd(), record_));
}

TEST_F(OwedResultsTest, TheFolderIsFoundWhereverItWasRenamed) {
  spool_.make_folder("c");
  spool_.rename("a/b", "c/d");
  spool_.make_folder("a/b");
  EXPECT_TRUE(is_found()) << "and not the one that has its name now";
  EXPECT_FALSE(open_folder_of(spool_.fd(), record_));
}

TEST_F(OwedResultsTest, AFolderThatIsGoneIsNotReplaced) {
  const TempFolder elsewhere;
  std::filesystem::rename(spool_ / "a/b", elsewhere / "b");
  spool_.make_folder("a/b");
  EXPECT_FALSE(find_folder_of(spool_.fd(), record_));
}

TEST_F(OwedResultsTest, AResultHasAHiddenNameWhereAnotherPairHasTakenItsOwn) {
  const UniqueFd folder = find("a/b");
  const auto choose = [&](bool is_start) {
    return choose_result_name(folder.get(), record_, "s.job.json", is_start);
  };
  const auto replace = [&](const std::string& name) {
    spool_.write("a/b/.new", "other");  // while the old one is there, so that it has another inode
    spool_.rename("a/b/.new", "a/b/" + name);
  };
  spool_.write("a/b/s.txt", "x");
  spool_.write("a/b/s.png", "x");
  record_.intent.token = "7-3";
  record_.job.pair.prompt = std::get<FileIdentity>(identify_beneath(folder.get(), "s.txt"));
  record_.job.pair.image = std::get<FileIdentity>(identify_beneath(folder.get(), "s.png"));
  EXPECT_EQ(choose(false), "s.job.json");
  spool_.write("a/b/s.txt", "another text");
  spool_.write("a/b/s.png", "another image");
  EXPECT_TRUE(choose(false).starts_with(".s.job.json.replaced-")) << "copied over";
  EXPECT_EQ(choose(true), "s.job.json") << "it may be what a crash has left of it";
  replace("s.txt");
  replace("s.png");
  EXPECT_TRUE(choose(true).ends_with("-7-3"));
  EXPECT_EQ(choose(true), choose(false)) << "written again at a start, it is the same";
  spool_.remove("a/b/s.png");
  EXPECT_EQ(choose(true), "s.job.json") << "half a pair is none";
}

TEST_F(OwedResultsTest, WhatWasLeftBehindIsRemoved) {
  spool_.write("a/b/s.job.json", record_.end.answer);
  EXPECT_TRUE(remove_left_behind(spool_.fd(), record_, {"a", "s"}));
  EXPECT_FALSE(spool_.holds("a/b/s.job.json"));
}

TEST_F(OwedResultsTest, WhatIsNotLeftBehindStays) {
  spool_.write("a/b/s.job.json", record_.end.answer);
  EXPECT_FALSE(remove_left_behind(spool_.fd(), record_, record_.job.name)) << "nothing has moved";
  spool_.write("a/b/s.txt", "linked, and not moved");
  const auto linked = identify_beneath(spool_.fd(), "a/b/s.txt");
  record_.job.pair.prompt = std::get<FileIdentity>(linked);
  EXPECT_FALSE(remove_left_behind(spool_.fd(), record_, {"a", "s"}));
  spool_.remove("a/b/s.txt");
  spool_.write("a/b/s.job.json", "somebody's own words");
  EXPECT_FALSE(remove_left_behind(spool_.fd(), record_, {"a", "s"}));
  EXPECT_TRUE(spool_.holds("a/b/s.job.json"));
}

TEST_F(OwedResultsTest, ANewPairUnderTheOldNameIsNotFinishedByTheOldAnswer) {
  spool_.write("a/b/s.job.json", record_.end.answer);
  spool_.write("a/b/s.txt", "another prompt");
  EXPECT_TRUE(remove_left_behind(spool_.fd(), record_, {"a", "s"}));
  EXPECT_FALSE(spool_.holds("a/b/s.job.json"));
}

}  // namespace
}  // namespace reeld
