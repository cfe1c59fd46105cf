#include "scheduler/files_in_hand.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

PairIdentity make_files(std::uint64_t inode) {
  return {{1, inode, 10, 100, 1000, 1001}, {1, inode + 1, 20, 200, 1000, 1001}};
}

TEST(FilesInHand, AreTakenByOneJobAtATime) {
  FilesInHand files;
  EXPECT_TRUE(files.take(make_files(10)));
  EXPECT_FALSE(files.take(make_files(10)));
  EXPECT_TRUE(files.take(make_files(20)));
  EXPECT_TRUE(files.let_go(make_files(10)).empty());
  EXPECT_FALSE(files.are_taken(make_files(10)));
  EXPECT_TRUE(files.take(make_files(10)));
}

TEST(FilesInHand, TouchedTheyAreTheSameFilesAndOnAnotherBirthTheyAreNot) {
  FilesInHand files;
  files.take(make_files(10));
  PairIdentity touched = make_files(10);
  touched.prompt.mtime_ns = 999;
  touched.image.ctime_ns = 999;
  EXPECT_TRUE(files.are_taken(touched));
  PairIdentity reused = make_files(10);
  reused.image.born_ns = 999;
  EXPECT_FALSE(files.are_taken(reused));
}

TEST(FilesInHand, WhoWaitsForThemIsToldInItsOrder) {
  FilesInHand files;
  files.take(make_files(10));
  files.wait_for(make_files(10), {"b", "t"});
  files.wait_for(make_files(10), {"a", "t"});
  EXPECT_EQ(files.let_go(make_files(10)), (std::vector<JobName>{{"b", "t"}, {"a", "t"}}));
}

TEST(FilesInHand, OfACreatedJobTheLedgerIsAskedOnceMore) {
  FilesInHand files;
  EXPECT_FALSE(files.forget_created(make_files(10)));
  files.note_created(make_files(10));
  EXPECT_TRUE(files.forget_created(make_files(10)));
  EXPECT_FALSE(files.forget_created(make_files(10)));
}

TEST(FilesInHandDeathTest, WhatNobodyHasIsNotLetGo) {
  FilesInHand files;
  EXPECT_DEATH(files.let_go(make_files(10)), "files that a job has were given to it");
  EXPECT_DEATH(files.wait_for(make_files(10), {"a", "t"}), "only files that a job has are waited for");
}

}  // namespace
}  // namespace reeld
