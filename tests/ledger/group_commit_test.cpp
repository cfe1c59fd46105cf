#include "ledger/group_commit.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <map>

#include "ledger/reserve.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using ::testing::HasSubstr;

class GroupCommitTest : public ::testing::Test {
 protected:
  std::string path() const { return (folder_ / "ledger.db").string(); }

  void start(LedgerReserve* reserve = nullptr) {
    commits_ = std::make_unique<GroupCommit>(path(), std::make_unique<LedgerStore>(path()), reserve,
                                             [this](const std::vector<GroupCommit::Outcome>& outcomes) {
                                               const std::lock_guard lock(mutex_);
                                               for (const auto& outcome : outcomes)
                                                 done_[outcome.ticket] = outcome.error;
                                               batches_.push_back(outcomes.size());
                                               changed_.notify_all();
                                             });
  }

  std::string wait_for(std::uint64_t ticket) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_.contains(ticket); });
    return done_[ticket];
  }

  static LedgerOperation raise() {
    return {[](LedgerStore& store) { store.raise_generation(); }, nullptr};
  }

  /// Returns once the thread is in the operation, so that what is submitted then shares the next transaction.
  void submit_and_hold(std::uint64_t ticket) {
    commits_->submit(ticket, {[this](LedgerStore&) {
                                entered_.set_value();
                                opened_.get_future().wait();
                              },
                              nullptr});
    entered_.get_future().wait();
  }

  void let_go() { opened_.set_value(); }

  static IntentRecord make_intent(const std::string& token) {
    IntentRecord intent;
    intent.token = token;
    intent.job = {"a", token};
    intent.pair = {{1, std::hash<std::string>()(token), 1, 1},
                   {1, std::hash<std::string>()(token) + 1, 1, 1}};
    return intent;
  }

  TempFolder folder_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::string> done_;
  std::vector<std::size_t> batches_;
  std::promise<void> entered_;
  std::promise<void> opened_;
  std::unique_ptr<GroupCommit> commits_;
};

TEST_F(GroupCommitTest, WhatArrivesDuringACommitSharesTheNext) {
  start();
  submit_and_hold(1);
  for (std::uint64_t ticket = 2; ticket <= 10; ++ticket) commits_->submit(ticket, raise());
  let_go();
  EXPECT_EQ(wait_for(10), "");
  EXPECT_LE(batches_.size(), 2U) << "nine operations in one transaction";
  EXPECT_EQ(LedgerStore(path()).reader().read_identity().generation, 9);
}

TEST_F(GroupCommitTest, WhatIsQueuedIsWrittenBeforeTheEnd) {
  start();
  for (std::uint64_t ticket = 1; ticket <= 50; ++ticket) commits_->submit(ticket, raise());
  commits_.reset();
  EXPECT_EQ(LedgerStore(path()).reader().read_identity().generation, 50);
}

TEST_F(GroupCommitTest, ABatchIsWrittenAsAWholeOrNotAtAll) {
  start();
  submit_and_hold(1);
  commits_->submit(2, raise());
  commits_->submit(3, {[](LedgerStore&) { throw SqliteError("a disk that fails", 10); }, nullptr});
  let_go();
  EXPECT_THAT(wait_for(2), HasSubstr("a disk that fails"));
  EXPECT_THAT(wait_for(3), HasSubstr("a disk that fails"));
  commits_->submit(4, raise());
  EXPECT_EQ(wait_for(4), "") << "opened anew";
  EXPECT_EQ(LedgerStore(path()).reader().read_identity().generation, 1);
}

TEST_F(GroupCommitTest, AFailedIntentIsUndoneShouldItStandInTheFileAllTheSame) {
  start();
  const IntentRecord intent = make_intent("1-1");
  // The commit itself went through, and only its report failed.
  commits_->submit(1, {[intent](LedgerStore& store) {
                         store.add_intent(intent);
                         store.commit();
                         store.begin();
                         throw SqliteError("fsync", 10);
                       },
                       [intent](LedgerStore& store) { store.void_intent(intent.token, intent.at); }});
  EXPECT_NE(wait_for(1), "");
  commits_->submit(2, raise());
  EXPECT_EQ(wait_for(2), "");
  LedgerStore after(path());
  EXPECT_TRUE(after.reader().list_open().empty());
  EXPECT_EQ(after.reader().find_at(intent.job)->state, LedgerState::unsent);
}

TEST_F(GroupCommitTest, AFileThatWasRemovedIsNotWrittenToUntilItIsBack) {
  start();
  commits_->submit(1, raise());
  EXPECT_EQ(wait_for(1), "");
  folder_.rename("ledger.db", "taken");
  commits_->submit(2, raise());
  EXPECT_THAT(wait_for(2), HasSubstr("removed or replaced"));
  commits_->submit(3, raise());
  EXPECT_NE(wait_for(3), "") << "none is made in its place";
  EXPECT_FALSE(folder_.holds("ledger.db"));
  folder_.rename("taken", "ledger.db");
  commits_->submit(4, raise());
  EXPECT_EQ(wait_for(4), "");
}

/// As SQLite has it open: whatever is in the log alone.
void remove_log(const TempFolder& folder) {
  std::filesystem::remove(folder / "ledger.db-wal");
}

TEST_F(GroupCommitTest, ALogThatWasRemovedIsNoticedAndWhatItHeldIsKept) {
  start();
  commits_->submit(1, raise());
  EXPECT_EQ(wait_for(1), "");
  remove_log(folder_);
  commits_->submit(2, raise());
  EXPECT_THAT(wait_for(2), HasSubstr("ledger.db-wal was removed"));
  std::filesystem::copy_file(folder_ / "ledger.db", folder_ / "copy.db");
  EXPECT_EQ(LedgerStore((folder_ / "copy.db").string()).reader().read_identity().generation, 1);
  commits_->submit(3, raise());
  EXPECT_EQ(wait_for(3), "") << "a new log is begun";
  EXPECT_TRUE(folder_.holds("ledger.db-wal"));
  EXPECT_EQ(LedgerStore(path()).reader().read_identity().generation, 2);
}

TEST_F(GroupCommitTest, ItIsNotOpenedAnewWhileOthersHoldWhatIsLeftOfTheOldLog) {
  std::atomic<int> readers = 1;
  commits_ = std::make_unique<GroupCommit>(
      path(), std::make_unique<LedgerStore>(path()), nullptr,
      [this](const std::vector<GroupCommit::Outcome>& outcomes) {
        const std::lock_guard lock(mutex_);
        for (const auto& outcome : outcomes) done_[outcome.ticket] = outcome.error;
        changed_.notify_all();
      },
      [&readers] { return readers.load(); });
  commits_->submit(1, raise());
  EXPECT_EQ(wait_for(1), "");
  remove_log(folder_);
  commits_->submit(2, raise());
  EXPECT_NE(wait_for(2), "");
  commits_->submit(3, raise());
  EXPECT_THAT(wait_for(3), HasSubstr("still under way"));
  readers = 0;
  commits_->submit(4, raise());
  EXPECT_EQ(wait_for(4), "");
}

TEST_F(GroupCommitTest, AtItsEndTheLedgersFileHoldsEverything) {
  start();
  commits_->submit(1, {[](LedgerStore& store) { store.add_intent(make_intent("t")); }, nullptr});
  EXPECT_EQ(wait_for(1), "");
  const Database reader_meanwhile(path(), Database::Access::read_only);
  commits_.reset();
  std::filesystem::copy_file(folder_ / "ledger.db", folder_ / "copy.db");
  EXPECT_EQ(LedgerStore((folder_ / "copy.db").string()).reader().list_open().size(), 1U);
}

TEST_F(GroupCommitTest, WhenSpaceEndsTheReserveIsGivenUpAndTheWriteTriedOnceMore) {
  LedgerReserve reserve(path() + ".reserve");
  ASSERT_FALSE(reserve.ensure(1 << 20));
  start(&reserve);
  auto tries = std::make_shared<int>(0);
  commits_->submit(1, {[tries](LedgerStore& store) {
                         if (++*tries == 1) throw SqliteError("database or disk is full", 13);
                         store.raise_generation();
                       },
                       nullptr});
  EXPECT_EQ(wait_for(1), "");
  EXPECT_EQ(*tries, 2);
  EXPECT_FALSE(reserve.holds(1));
  EXPECT_EQ(std::filesystem::file_size(path() + ".reserve"), 0U);
}

}  // namespace
}  // namespace reeld
