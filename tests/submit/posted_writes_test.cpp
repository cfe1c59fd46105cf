#include "submit/posted_writes.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

class PostedWritesTest : public ::testing::Test {
 protected:
  PostedWrites::Posting make(int number) {
    return {[this, number](LedgerStore&) { order_.push_back(number); }};
  }
  /// The numbers of a batch, in its order.
  std::vector<int> run(const PostedWrites::Batch& batch) {
    LedgerStore store(":memory:");
    order_.clear();
    PostedWrites::run_all(*batch, store);
    return order_;
  }

  PostedWrites posted_;
  std::vector<int> order_;
};

TEST_F(PostedWritesTest, AllThatWasPostedIsTakenInItsOrder) {
  posted_.add(make(1));
  posted_.add(make(2));
  EXPECT_EQ(run(posted_.take()), (std::vector{1, 2}));
  EXPECT_TRUE(posted_.is_empty());
}

TEST_F(PostedWritesTest, WhatFailedGoesBeforeWhatWasPostedSince) {
  posted_.add(make(1));
  const PostedWrites::Batch failed = posted_.take();
  posted_.add(make(2));
  posted_.put_back(*failed);
  EXPECT_EQ(run(posted_.take()), (std::vector{1, 2}));
}

TEST_F(PostedWritesTest, AJobMovesUntilEachOfItsMovesIsWritten) {
  const auto first = posted_.make_move(7, {});
  const auto second = posted_.make_move(7, {});
  posted_.note_written({first});
  EXPECT_TRUE(posted_.is_moving(7));
  posted_.note_written({second, make(1)});
  EXPECT_FALSE(posted_.is_moving(7));
  EXPECT_FALSE(posted_.is_moving(8));
}

}  // namespace
}  // namespace reeld
