#include "spool/result_place.hpp"

#include <gtest/gtest.h>

#include <span>

#include "support/temp_folder.hpp"
#include "sys/content_hash.hpp"
#include "sys/file_status.hpp"
#include "sys/safe_open.hpp"

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
    record_.job.prompt_name = record_.intent.prompt_name = "s.txt";
    record_.job.image_name = record_.intent.image_name = "s.png";
    record_.end.answer = "{\"id\":\"video_1\"}";
  }

  UniqueFd find(const std::string& path) const {
    return UniqueFd(::open((spool_ / path).c_str(), O_RDONLY | O_DIRECTORY));
  }
  bool is_found() const {
    const UniqueFd folder = find_folder_of(spool_.fd(), record_);
    return folder && identify_folder(folder.get()) == record_.folder;
  }

  /// As it was sent.
  void write_pair() {
    spool_.write("a/b/s.txt", "x");
    spool_.write("a/b/s.png", "y");
    record_.job.pair.prompt = std::get<FileIdentity>(identify_beneath(spool_.fd(), "a/b/s.txt"));
    record_.job.pair.image = std::get<FileIdentity>(identify_beneath(spool_.fd(), "a/b/s.png"));
    record_.intent.digests = {digest("x"), digest("y")};
  }
  /// By another file.
  void replace(const std::string& name, const std::string& content) {
    spool_.write("a/b/.new", content);
    spool_.rename("a/b/.new", "a/b/" + name);
  }
  static ContentDigest digest(std::string_view text) {
    return digest_bytes(std::as_bytes(std::span(text)), seed);
  }

  static constexpr std::uint64_t seed = 7;
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

TEST_F(OwedResultsTest, AnInodeAloneIsNoFolder) {
  record_.folder.born_ns += 1;  // another one, that was made on the inode of the first
  spool_.rename("a/b", "a/c");
  EXPECT_FALSE(find_folder_of(spool_.fd(), record_));
}

TEST_F(OwedResultsTest, AFolderThatHoldsThatVeryPairIsTheOne) {
  write_pair();
  spool_.make_folder("other");
  spool_.rename("a/b/s.txt", "other/s.txt");
  spool_.rename("a/b/s.png", "other/s.png");
  std::filesystem::remove(spool_ / "a/b");
  EXPECT_TRUE(find_folder_of(spool_.fd(), record_));
}

TEST_F(OwedResultsTest, WhatIsLeftOfAPairIsToldByItsContent) {
  const UniqueFd folder = find("a/b");
  const auto left = [&](bool is_start = false) { return find_left(folder.get(), record_, seed, is_start); };
  write_pair();
  EXPECT_TRUE(holds_pair_untouched(folder.get(), record_));
  EXPECT_EQ(left(), PairLeft::whole);
  replace("s.txt", "x");
  replace("s.png", "y");
  EXPECT_FALSE(holds_pair_untouched(folder.get(), record_));
  EXPECT_EQ(left(), PairLeft::whole) << "the same bytes came again";
  write_pair();
  replace("s.txt", "z");
  EXPECT_EQ(left(), PairLeft::half) << "the image is the one that was sent";
  replace("s.png", "y");
  EXPECT_EQ(left(), PairLeft::replaced) << "another pair with a copy of the same image";
  replace("s.png", "z");
  EXPECT_EQ(left(), PairLeft::replaced);
  spool_.remove("a/b/s.png");
  EXPECT_EQ(left(), PairLeft::gone);
}

TEST_F(OwedResultsTest, AtAStartThePairsOwnFilesAreItsOwnWhateverACrashHasMadeOfThem) {
  const UniqueFd folder = find("a/b");
  write_pair();
  spool_.write("a/b/s.txt", "another text");
  spool_.write("a/b/s.png", "another image");
  EXPECT_EQ(find_left(folder.get(), record_, seed, false), PairLeft::replaced);
  EXPECT_EQ(find_left(folder.get(), record_, seed, true), PairLeft::whole);
}

TEST_F(OwedResultsTest, TheHiddenNameIsOfTheAttemptAlone) {
  record_.intent.token = "7-3";
  const std::string name = aside_name(record_, "s.job.json");
  EXPECT_TRUE(name.starts_with(".s.job.json.replaced-"));
  EXPECT_TRUE(name.ends_with("-7-3"));
}

TEST_F(OwedResultsTest, WhatWasLeftBehindIsRemoved) {
  spool_.write("a/b/s.job.json", record_.end.answer);
  EXPECT_TRUE(remove_stale_copy(spool_.fd(), record_, {"a", "s"}));
  EXPECT_FALSE(spool_.holds("a/b/s.job.json"));
}

TEST_F(OwedResultsTest, WhatIsNotLeftBehindStays) {
  spool_.write("a/b/s.job.json", record_.end.answer);
  EXPECT_FALSE(remove_stale_copy(spool_.fd(), record_, record_.job.name)) << "nothing has moved";
  spool_.write("a/b/s.txt", "linked, and not moved");
  const auto linked = identify_beneath(spool_.fd(), "a/b/s.txt");
  record_.job.pair.prompt = std::get<FileIdentity>(linked);
  EXPECT_FALSE(remove_stale_copy(spool_.fd(), record_, {"a", "s"}));
  spool_.remove("a/b/s.txt");
  spool_.write("a/b/s.job.json", "somebody's own words");
  EXPECT_FALSE(remove_stale_copy(spool_.fd(), record_, {"a", "s"}));
  EXPECT_TRUE(spool_.holds("a/b/s.job.json"));
}

TEST_F(OwedResultsTest, ANewPairUnderTheOldNameIsNotFinishedByTheOldAnswer) {
  spool_.write("a/b/s.job.json", record_.end.answer);
  spool_.write("a/b/s.txt", "another prompt");
  EXPECT_TRUE(remove_stale_copy(spool_.fd(), record_, {"a", "s"}));
  EXPECT_FALSE(spool_.holds("a/b/s.job.json"));
}

}  // namespace
}  // namespace reeld
