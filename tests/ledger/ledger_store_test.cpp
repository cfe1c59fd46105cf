#include "ledger/ledger_store.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "ledger/sqlite.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;

const SystemTime noon = SystemTime{} + 1'000'000s;

class LedgerStoreTest : public ::testing::Test {
 protected:
  LedgerStoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "reeld-ledger-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    open();
  }
  ~LedgerStoreTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() { store_ = std::make_unique<LedgerStore>(path()); }
  std::string path() const { return (folder_ / "ledger.db").string(); }

  static IntentRecord make_intent(const std::string& stem, std::uint64_t inode) {
    IntentRecord intent;
    intent.job = {"a", stem};
    intent.pair = {{1, inode, 10, 100}, {~std::uint64_t{0}, inode + 1, 20, 200}};
    intent.folder = {1, 5};
    intent.at = noon;
    intent.url = "https://api.example/v1/videos";
    intent.fields = "{}";
    return intent;
  }

  void end(AttemptId id, Verdict verdict, const std::string& answer = "") {
    EndRecord record;
    record.id = id;
    record.verdict = verdict;
    record.answer = answer;
    record.http_status = 200;
    record.at = noon + 1s;
    store_->end_attempt(record);
  }

  std::filesystem::path folder_;
  std::unique_ptr<LedgerStore> store_;
};

TEST_F(LedgerStoreTest, AnIntentIsOpenUntilItsEndIsRecorded) {
  const IntentRecord intent = make_intent("s", 10);
  const AttemptId id = store_->add_intent(intent);
  const auto open_intents = store_->list_open();
  ASSERT_EQ(open_intents.size(), 1U);
  EXPECT_EQ(open_intents[0].intent.pair, intent.pair);
  EXPECT_EQ(open_intents[0].intent.at, noon);
  EXPECT_EQ(open_intents[0].folder, (FolderIdentity{1, 5}));
  EXPECT_EQ(store_->find(intent.job, intent.pair)->state, LedgerState::intended);
  end(id, Verdict::accepted, "{}");
  EXPECT_TRUE(store_->list_open().empty());
  EXPECT_EQ(store_->find(intent.job, intent.pair)->state, LedgerState::accepted);
}

TEST_F(LedgerStoreTest, AnAnswerIsOwedUntilItIsPublished) {
  const AttemptId id = store_->add_intent(make_intent("s", 10));
  const std::string answer("{\"id\":\"x\"}\0raw", 14);
  end(id, Verdict::accepted, answer);
  const auto owed = store_->list_owed();
  ASSERT_EQ(owed.size(), 1U);
  EXPECT_EQ(owed[0].end.answer, answer);
  EXPECT_EQ(owed[0].end.verdict, Verdict::accepted);
  store_->mark_published(id.job);
  EXPECT_TRUE(store_->list_owed().empty());
}

TEST_F(LedgerStoreTest, WhatWasUnsentKeepsItsRowWhenItIsTriedAgain) {
  const IntentRecord intent = make_intent("s", 10);
  const AttemptId first = store_->add_intent(intent);
  end(first, Verdict::unsent);
  const AttemptId second = store_->add_intent(intent);
  EXPECT_EQ(first.job, second.job);
  EXPECT_NE(first.attempt, second.attempt);
  EXPECT_EQ(store_->list_open().size(), 1U);
}

TEST_F(LedgerStoreTest, KnowsAPairWhereverItWasMoved) {
  const IntentRecord intent = make_intent("s", 10);
  end(store_->add_intent(intent), Verdict::doubt);
  const auto moved = store_->find({"elsewhere", "t"}, intent.pair);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->name, intent.job);
  PairIdentity half = intent.pair;
  half.image.inode = 99;
  EXPECT_TRUE(store_->find(intent.job, half));
  EXPECT_FALSE(store_->find({"elsewhere", "t"}, half));
}

TEST_F(LedgerStoreTest, AReleasedJobMayBeSentAgain) {
  const IntentRecord intent = make_intent("s", 10);
  const AttemptId id = store_->add_intent(intent);
  end(id, Verdict::doubt);
  store_->release(id.job, noon + 2s);
  EXPECT_TRUE(may_send(store_->find(intent.job, intent.pair)->state));
  EXPECT_TRUE(store_->list_owed().empty());
}

TEST_F(LedgerStoreTest, WhatMayHaveBeenPaidForCountsAsSpent) {
  end(store_->add_intent(make_intent("a", 10)), Verdict::accepted);
  end(store_->add_intent(make_intent("b", 20)), Verdict::doubt);
  end(store_->add_intent(make_intent("c", 30)), Verdict::refused);
  end(store_->add_intent(make_intent("d", 40)), Verdict::unsent);
  store_->add_intent(make_intent("e", 50));
  EXPECT_EQ(store_->count_spent_since(noon), 3U);
  EXPECT_EQ(store_->count_spent_since(noon + 1s), 0U);
}

TEST_F(LedgerStoreTest, WhatWasCommittedIsThereAfterAReopenAndWhatWasNotIsGone) {
  store_->begin();
  store_->add_intent(make_intent("kept", 10));
  store_->commit();
  store_->begin();
  store_->add_intent(make_intent("lost", 20));
  store_.reset();
  open();
  const auto open_intents = store_->list_open();
  ASSERT_EQ(open_intents.size(), 1U);
  EXPECT_EQ(open_intents[0].job.name.stem, "kept");
}

TEST_F(LedgerStoreTest, NamesAreBytes) {
  IntentRecord intent = make_intent(std::string("\xff\n\"'", 4), 10);
  store_->add_intent(intent);
  EXPECT_EQ(store_->list_open()[0].job.name, intent.job);
}

TEST_F(LedgerStoreTest, RemembersItsMeta) {
  EXPECT_EQ(store_->read_meta("uuid"), "");
  store_->write_meta("uuid", "1");
  store_->write_meta("uuid", "2");
  EXPECT_EQ(store_->read_meta("uuid"), "2");
}

TEST_F(LedgerStoreTest, ALedgerOfANewerReeldIsLeftAlone) {
  store_.reset();
  Database(path(), Database::Access::read_write).run("PRAGMA user_version = 99");
  try {
    open();
    FAIL() << "opened";
  } catch (const SqliteError& error) {
    EXPECT_NE(std::string(error.what()).find("newer reeld"), std::string::npos);
  }
}

}  // namespace
}  // namespace reeld
