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

  IntentRecord make_intent(const std::string& stem, std::uint64_t inode) {
    IntentRecord intent;
    intent.token = "1-" + std::to_string(++tokens_);
    intent.job = {"a", stem};
    intent.prompt_name = stem + ".txt";
    intent.image_name = stem + ".png";
    intent.pair = {{1, inode, 10, 100}, {~std::uint64_t{0}, inode + 1, 20, 200}};
    intent.folder = {1, 5};
    intent.at = noon;
    intent.url = "https://api.example/v1/videos";
    intent.fields = "{}";
    return intent;
  }

  /// Returns the job.
  std::int64_t add(const IntentRecord& intent) { return store_->add_intent(intent).job; }

  void end(const IntentRecord& intent, Verdict verdict, const std::string& answer = "",
           std::optional<SystemTime> repeat_at = std::nullopt) {
    EndRecord record;
    record.token = intent.token;
    record.verdict = verdict;
    record.answer = answer;
    record.http_status = 200;
    record.at = noon + 1s;
    record.repeat_at = repeat_at;
    store_->end_attempt(record);
  }

  std::int64_t add_ended(const IntentRecord& intent, Verdict verdict) {
    const std::int64_t job = add(intent);
    end(intent, verdict);
    return job;
  }

  LedgerReader& reader() { return store_->reader(); }
  LedgerState state_of(const IntentRecord& intent) { return reader().find(intent.job, intent.pair)->state; }

  int tokens_ = 0;
  std::filesystem::path folder_;
  std::unique_ptr<LedgerStore> store_;
};

TEST_F(LedgerStoreTest, WhatAPersonSaysWasNotAcceptedMayBeSentAndIsNotPaidFor) {
  const IntentRecord intent = make_intent("s", 7);
  const std::int64_t job = add_ended(intent, Verdict::doubt);
  EXPECT_EQ(reader().list_spent_since(noon - 1h).size(), 1U);
  store_->settle_not_accepted(job, noon + 2s);
  EXPECT_EQ(state_of(intent), LedgerState::unsent);
  EXPECT_EQ(reader().read(job)->end.reason, "settled by hand");
  EXPECT_TRUE(reader().list_spent_since(noon - 1h).empty());
  IntentRecord again = make_intent("s", 7);
  EXPECT_EQ(add(again), job);
  end(again, Verdict::unsent);
  EXPECT_EQ(state_of(intent), LedgerState::unsent) << "the doubt is settled for good";
}

TEST_F(LedgerStoreTest, AnIntentIsOpenUntilItsEndIsRecorded) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add(intent);
  EXPECT_EQ(reader().list_open(), std::vector{job});
  const auto record = reader().read(job);
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->is_ended);
  EXPECT_EQ(record->intent.pair, intent.pair);
  EXPECT_EQ(record->intent.at, noon);
  EXPECT_EQ(record->image_name, "s.png");
  EXPECT_EQ(record->folder, (FolderIdentity{1, 5}));
  EXPECT_EQ(state_of(intent), LedgerState::intended);
  end(intent, Verdict::accepted, "{}");
  EXPECT_TRUE(reader().list_open().empty());
  EXPECT_EQ(state_of(intent), LedgerState::accepted);
}

TEST_F(LedgerStoreTest, AnAnswerIsOwedUntilItIsPublished) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add(intent);
  const std::string answer("{\"id\":\"x\"}\0raw", 14);
  end(intent, Verdict::accepted, answer);
  ASSERT_EQ(reader().list_owed(), std::vector{job});
  EXPECT_EQ(reader().read(job)->end.answer, answer);
  EXPECT_EQ(reader().read(job)->end.verdict, Verdict::accepted);
  store_->mark_published(job);
  EXPECT_TRUE(reader().list_owed().empty());
}

TEST_F(LedgerStoreTest, WhatWasUnsentKeepsItsRowWhenItIsTriedAgain) {
  const std::int64_t job = add_ended(make_intent("s", 10), Verdict::unsent);
  EXPECT_EQ(add(make_intent("s", 10)), job);
  EXPECT_EQ(reader().list_open().size(), 1U);
}

TEST_F(LedgerStoreTest, WhatMustNotBeSentIsRefusedAsAnIntent) {
  for (const Verdict verdict : {Verdict::accepted, Verdict::doubt}) {
    const std::uint64_t inode = verdict == Verdict::doubt ? 10 : 20;
    add_ended(make_intent("s", inode), verdict);
    IntentRecord moved = make_intent("s", inode);
    moved.job.folder = "elsewhere";
    const IntentAnswer answer = store_->add_intent(moved);
    ASSERT_TRUE(answer.known);
    EXPECT_EQ(word_of(answer.known->state), word_of(verdict));
    EXPECT_TRUE(reader().list_open().empty());
  }
}

TEST_F(LedgerStoreTest, AnOpenIntentBarsTheSameFilesUnderAnotherName) {
  add(make_intent("s", 10));
  IntentRecord linked = make_intent("t", 10);
  EXPECT_TRUE(store_->add_intent(linked).known);
}

TEST_F(LedgerStoreTest, KnowsAPairWhereverItWasMoved) {
  const IntentRecord intent = make_intent("s", 10);
  add_ended(intent, Verdict::doubt);
  const auto moved = reader().find({"elsewhere", "t"}, intent.pair);
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->name, intent.job);
  PairIdentity half = intent.pair;
  half.image.inode = 99;
  EXPECT_TRUE(reader().find(intent.job, half));
  EXPECT_EQ(welcome(reader().find({"elsewhere", "t"}, half), {"elsewhere", "t"}, half), Welcome::send);
}

TEST_F(LedgerStoreTest, WhatBarsSendingSpeaksBeforeWhatDoesNot) {
  // The image was accepted with another prompt; with this one it was refused since.
  IntentRecord accepted = make_intent("s", 10);
  add_ended(accepted, Verdict::accepted);
  const std::int64_t job = reader().find(accepted.job, accepted.pair)->id;
  store_->release(job, noon);
  IntentRecord other = make_intent("s", 10);
  other.pair.prompt.inode = 77;
  store_->mark_published(add_ended(other, Verdict::refused));
  EXPECT_TRUE(may_send(reader().find(other.job, other.pair)->state));
  IntentRecord again = make_intent("s", 10);
  add_ended(again, Verdict::accepted);
  EXPECT_EQ(reader().find(other.job, other.pair)->state, LedgerState::accepted);
}

TEST_F(LedgerStoreTest, ARefusalStandsUntilItWasTold) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::refused);
  EXPECT_EQ(reader().list_untold_refusals(), std::vector{job});
  IntentRecord again = make_intent("s", 10);
  const IntentAnswer barred = store_->add_intent(again);
  ASSERT_TRUE(barred.known);
  EXPECT_EQ(barred.known->id, job);
  store_->mark_published(job);
  EXPECT_TRUE(reader().list_untold_refusals().empty());
  EXPECT_FALSE(store_->add_intent(again).known);
}

TEST_F(LedgerStoreTest, AReleasedJobMayBeSentAgainUnderANewKey) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::doubt);
  store_->release(job, noon + 2s);
  EXPECT_TRUE(may_send(state_of(intent)));
  EXPECT_EQ(reader().find(intent.job, intent.pair)->keys, 1U);
  EXPECT_TRUE(reader().list_owed().empty());
  // What it came to before says nothing about what comes now.
  add_ended(make_intent("s", 10), Verdict::unsent);
  EXPECT_EQ(state_of(intent), LedgerState::unsent);
}

TEST_F(LedgerStoreTest, ADoubtStaysOneWhateverItsRepeatComesTo) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add(first);
  end(first, Verdict::doubt, "", noon + 60s);
  EXPECT_TRUE(reader().list_owed().empty()) << "a repeat is still to come";
  IntentRecord repeat = make_intent("s", 10);
  EXPECT_TRUE(store_->add_intent(repeat).known) << "only as a repeat";
  repeat.is_repeat = true;
  EXPECT_FALSE(store_->add_intent(repeat).known);
  end(repeat, Verdict::unsent);
  EXPECT_EQ(state_of(first), LedgerState::doubt);
  EXPECT_TRUE(reader().find(first.job, first.pair)->repeat_at) << "it was not sent: it is still to come";
  IntentRecord second = make_intent("s", 10);
  second.is_repeat = true;
  EXPECT_FALSE(store_->add_intent(second).known);
  end(second, Verdict::refused);
  EXPECT_EQ(state_of(first), LedgerState::doubt);
  EXPECT_EQ(reader().list_owed(), std::vector{job});
  EXPECT_EQ(reader().read(job)->intent.at, noon);
}

TEST_F(LedgerStoreTest, AnAcceptedRepeatSettlesTheDoubt) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add(first);
  end(first, Verdict::doubt, "", noon + 60s);
  IntentRecord repeat = make_intent("s", 10);
  repeat.is_repeat = true;
  add(repeat);
  end(repeat, Verdict::accepted, "paid");
  EXPECT_EQ(state_of(first), LedgerState::accepted);
  EXPECT_EQ(reader().read(job)->end.answer, "paid");
}

TEST_F(LedgerStoreTest, AJobThatWasMovedOwesItsResultAtItsNewPlace) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::accepted);
  store_->mark_published(job);
  store_->mark_said(job);
  store_->move_job(job, {{"b", "t"}, {1, 6}, "t.TXT", "t.png"}, noon);
  EXPECT_EQ(reader().list_owed(), std::vector{job});
  const auto known = reader().find({"b", "t"}, intent.pair);
  EXPECT_EQ(known->name, (JobName{"b", "t"}));
  EXPECT_FALSE(known->is_said);
  EXPECT_EQ(reader().find_at({"b", "t"})->id, job);
  EXPECT_EQ(reader().read(job)->prompt_name, "t.TXT");
}

TEST_F(LedgerStoreTest, AnEndThatIsWrittenTwiceCountsOnce) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::accepted);
  store_->mark_published(job);
  end(intent, Verdict::doubt);
  EXPECT_EQ(state_of(intent), LedgerState::accepted);
  EXPECT_TRUE(reader().list_owed().empty());
}

TEST_F(LedgerStoreTest, AVoidedIntentLeavesThePairFree) {
  const IntentRecord intent = make_intent("s", 10);
  add(intent);
  store_->void_intent(intent.token, noon);
  EXPECT_EQ(state_of(intent), LedgerState::unsent);
  store_->void_intent("of a transaction that left nothing", noon);
}

TEST_F(LedgerStoreTest, AnOperatorsWordSettlesADoubt) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::doubt);
  store_->settle_accepted(job, "video_1", "{\"id\":\"video_1\"}", noon);
  EXPECT_EQ(state_of(intent), LedgerState::accepted);
  EXPECT_EQ(reader().read(job)->end.api_id, "video_1");
  EXPECT_EQ(reader().list_owed(), std::vector{job});
}

TEST_F(LedgerStoreTest, WhatMayHaveBeenPaidForCountsAsSpent) {
  add_ended(make_intent("a", 10), Verdict::accepted);
  add_ended(make_intent("b", 20), Verdict::doubt);
  add_ended(make_intent("c", 30), Verdict::refused);
  add_ended(make_intent("d", 40), Verdict::unsent);
  add(make_intent("e", 50));
  EXPECT_EQ(reader().list_spent_since(noon).size(), 3U);
  EXPECT_EQ(reader().list_spent_since(noon + 1s).size(), 0U);
  EXPECT_EQ(reader().count_by_state().at("refused"), 1U);
}

TEST_F(LedgerStoreTest, CountsDoubtsAndWhatIsOwedForLong) {
  EXPECT_EQ(reader().count_doubts(), 0U);
  add_ended(make_intent("s", 10), Verdict::doubt);
  add_ended(make_intent("t", 20), Verdict::accepted);
  const std::int64_t written = add_ended(make_intent("u", 30), Verdict::accepted);
  store_->mark_published(written);
  IntentRecord repeated = make_intent("v", 40);
  add(repeated);
  end(repeated, Verdict::doubt, "", noon + 1h);
  EXPECT_EQ(reader().count_doubts(), 2U);
  EXPECT_EQ(reader().count_owed_before(noon + 1s), 0U);
  EXPECT_EQ(reader().count_owed_before(noon + 2s), 2U);
}

TEST_F(LedgerStoreTest, ListsTheLatestTroublesNewestFirst) {
  EXPECT_TRUE(reader().list_troubles(5).empty());
  add_ended(make_intent("s", 10), Verdict::doubt);
  add_ended(make_intent("t", 20), Verdict::accepted);
  add_ended(make_intent("u", 30), Verdict::refused);
  add(make_intent("v", 40));  // still open
  const auto troubles = reader().list_troubles(5);
  ASSERT_EQ(troubles.size(), 2U);
  EXPECT_EQ(troubles[0].job.text(), "a/u");
  EXPECT_EQ(troubles[0].verdict, Verdict::refused);
  EXPECT_EQ(troubles[0].at, noon + 1s);
  EXPECT_EQ(troubles[1].job.text(), "a/s");
  EXPECT_EQ(reader().list_troubles(1).size(), 1U);
}

TEST_F(LedgerStoreTest, OnlyWhatIsFinishedMayBeForgotten) {
  const std::int64_t published = add_ended(make_intent("a", 10), Verdict::accepted);
  store_->mark_published(published);
  add_ended(make_intent("owed", 20), Verdict::accepted);
  add_ended(make_intent("doubt", 30), Verdict::doubt);
  const std::int64_t refused = add_ended(make_intent("d", 40), Verdict::refused);
  add(make_intent("open", 50));
  const auto finished = reader().list_finished_before(noon + 2s, 0, 10);
  ASSERT_EQ(finished.size(), 2U);
  EXPECT_EQ(finished[0].id, published);
  EXPECT_EQ(finished[0].prompt_inode, 10U);
  EXPECT_EQ(finished[1].id, refused);
  EXPECT_EQ(reader().list_finished_before(noon + 2s, published, 10).size(), 1U);
  EXPECT_TRUE(reader().list_finished_before(noon, 0, 10).empty());
  store_->erase(published);
  EXPECT_FALSE(reader().read(published));
}

TEST_F(LedgerStoreTest, WhatWasCommittedIsThereAfterAReopenAndWhatWasNotIsGone) {
  store_->begin();
  add(make_intent("kept", 10));
  store_->commit();
  store_->begin();
  add(make_intent("lost", 20));
  store_.reset();
  open();
  ASSERT_EQ(reader().list_open().size(), 1U);
  EXPECT_EQ(reader().read(reader().list_open()[0])->job.name.stem, "kept");
}

TEST_F(LedgerStoreTest, NamesAreBytes) {
  IntentRecord intent = make_intent(std::string("\xff\n\"'", 4), 10);
  EXPECT_EQ(reader().read(add(intent))->job.name, intent.job);
}

TEST_F(LedgerStoreTest, EveryIntentRaisesTheGeneration) {
  const std::int64_t before = store_->raise_generation();
  EXPECT_EQ(store_->add_intent(make_intent("s", 10)).generation, before + 1);
  EXPECT_EQ(reader().read_identity().generation, before + 1);
}

TEST_F(LedgerStoreTest, KnowsItsSpool) {
  EXPECT_EQ(reader().read_identity(), LedgerIdentity{});
  const LedgerIdentity identity{"u-u-i-d", 0, 7, {~std::uint64_t{0}, 2, 1'700'000'000'123'456'789}};
  store_->write_identity(identity);
  EXPECT_EQ(reader().read_identity(), identity);
  store_->mark_generation(9);
  EXPECT_EQ(reader().read_identity().marked_generation, 9);
  EXPECT_FALSE(reader().is_held());
  store_->set_held(true);
  EXPECT_TRUE(reader().is_held());
}

TEST_F(LedgerStoreTest, ADiskThatWasNumberedAnewHoldsTheSameJobs) {
  const IntentRecord intent = make_intent("s", 10);
  add_ended(intent, Verdict::accepted);
  store_->renumber_device(1, 8);
  PairIdentity now = intent.pair;
  now.prompt.device = 8;
  EXPECT_EQ(compare(*reader().find(intent.job, now), intent.job, now), Kinship::same);
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
