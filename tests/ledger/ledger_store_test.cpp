#include "ledger/ledger_store.hpp"

#include "ledger/sqlite.hpp"
#include "ledger/store_fixture.hpp"

namespace reeld {
namespace {

using namespace std::chrono_literals;

TEST_F(LedgerStoreTest, WhatAPersonSaysWasNotAcceptedMayBeSentAndIsNotPaidFor) {
  const IntentRecord intent = make_intent("s", 7);
  const std::int64_t job = add_ended(intent, Verdict::doubt);
  EXPECT_EQ(reader().list_billable_since(noon - 1h).size(), 1U);
  store_->settle_not_accepted(job, noon + 2s);
  EXPECT_EQ(state_of(intent), LedgerState::unsent);
  EXPECT_EQ(reader().read(job)->end.reason, "settled by hand");
  EXPECT_TRUE(reader().list_billable_since(noon - 1h).empty());
  IntentRecord again = make_intent("s", 7);
  EXPECT_EQ(add(again), job);
  end(again, Verdict::unsent);
  EXPECT_EQ(state_of(intent), LedgerState::unsent) << "the doubt is settled for good";
}

TEST_F(LedgerStoreTest, AnAccountAnswerCanTurnOutToBeThePairsOwn) {
  const IntentRecord intent = make_intent("s", 7);
  const std::int64_t job = add_ended(intent, Verdict::account);
  EXPECT_EQ(state_of(intent), LedgerState::unsent);
  end(intent, Verdict::refused);
  EXPECT_EQ(state_of(intent), LedgerState::refused) << "its error file is owed from now on";
  EXPECT_EQ(reader().read(job)->end.verdict, Verdict::refused);
  store_->mark_published_as(job, LedgerState::refused, false);
  EXPECT_TRUE(reader().read(job)->job.is_published);
}

TEST_F(LedgerStoreTest, AnyOtherEndThatWasRecordedStands) {
  const IntentRecord unsent = make_intent("s", 7);
  add_ended(unsent, Verdict::unsent);
  end(unsent, Verdict::refused);
  EXPECT_EQ(state_of(unsent), LedgerState::unsent);
  // The same files were sent anew meanwhile: that counts.
  const IntentRecord first = make_intent("t", 17);
  const std::int64_t job = add_ended(first, Verdict::account);
  const IntentRecord second = make_intent("t", 17);
  EXPECT_EQ(add(second), job);
  end(second, Verdict::accepted, "{}");
  end(first, Verdict::refused);
  EXPECT_EQ(state_of(second), LedgerState::accepted);
  store_->mark_published_as(job, LedgerState::refused, false);
  EXPECT_FALSE(reader().read(job)->job.is_published);
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
  EXPECT_EQ(record->job.image_name, "s.png");
  EXPECT_EQ(record->job.digests, intent.digests);
  EXPECT_EQ(record->job.proof, intent.proof);
  EXPECT_EQ(record->folder, (FolderIdentity{1, 5, 50}));
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
  ASSERT_EQ(reader().list_unpublished(), std::vector{job});
  EXPECT_EQ(reader().read(job)->end.answer, answer);
  EXPECT_EQ(reader().read(job)->end.verdict, Verdict::accepted);
  store_->mark_published(job);
  EXPECT_TRUE(reader().list_unpublished().empty());
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

TEST_F(LedgerStoreTest, ARefusalStandsUntilItWasTold) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::refused);
  EXPECT_EQ(reader().list_unpublished_refusals(), std::vector{job});
  IntentRecord again = make_intent("s", 10);
  const IntentAnswer barred = store_->add_intent(again);
  ASSERT_TRUE(barred.known);
  EXPECT_EQ(barred.known->id, job);
  store_->mark_published(job);
  EXPECT_TRUE(reader().list_unpublished_refusals().empty());
  EXPECT_FALSE(store_->add_intent(again).known);
}

TEST_F(LedgerStoreTest, WhatIsMarkedAsToldTooLateIsStillOwed) {
  const std::int64_t job = add_ended(make_intent("s", 10), Verdict::doubt);
  store_->settle_accepted(job, "video_1", "{}", noon + 2s);
  store_->mark_published_as(job, LedgerState::doubt, false);
  EXPECT_EQ(reader().list_unpublished(), std::vector{job});
  store_->mark_published_as(job, LedgerState::accepted, false);
  EXPECT_TRUE(reader().list_unpublished().empty());
}

TEST_F(LedgerStoreTest, AReleasedJobMayBeSentAgainUnderANewKey) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::doubt);
  store_->reopen(job, noon + 2s);
  EXPECT_TRUE(may_send(*find(intent)));
  EXPECT_EQ(find(intent)->keys, 1U);
  EXPECT_TRUE(reader().list_unpublished().empty());
  // What it came to before says nothing about what comes now.
  add_ended(make_intent("s", 10), Verdict::unsent);
  EXPECT_EQ(state_of(intent), LedgerState::unsent);
}

TEST_F(LedgerStoreTest, WithTheIntentOfAPairEveryWordAboutItIsSpent) {
  for (const Verdict verdict : {Verdict::accepted, Verdict::doubt, Verdict::refused}) {
    const std::uint64_t inode = 10 * (1 + static_cast<std::uint64_t>(verdict));
    const std::string stem = "s" + std::to_string(inode);
    const std::int64_t job = add_ended(make_intent(stem, inode), verdict);
    store_->reopen(job, noon);
    IntentRecord edited = make_intent(stem, inode);
    edited.digests.prompt = ContentDigest{9, inode};
    EXPECT_NE(add(edited), job);
    const KnownJob known = reader().read(job)->job;
    EXPECT_EQ(word_of(known.state), word_of(verdict));
    EXPECT_TRUE(known.is_published);
    EXPECT_EQ(known.keys, 0U);
  }
}

TEST_F(LedgerStoreTest, AWordAboutOtherFilesOfThatNameIsNot) {
  const std::int64_t job = add_ended(make_intent("s", 10), Verdict::accepted);
  store_->reopen(job, noon);
  add(make_intent("s", 50));
  EXPECT_EQ(reader().read(job)->job.state, LedgerState::reopened);
}

TEST_F(LedgerStoreTest, ADoubtStaysOneWhateverItsRepeatComesTo) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add(first);
  end(first, Verdict::doubt, "", noon + 60s);
  EXPECT_TRUE(reader().list_unpublished().empty()) << "a repeat is still to come";
  IntentRecord repeat = make_intent("s", 10);
  EXPECT_TRUE(store_->add_intent(repeat).known) << "only as a repeat";
  repeat.is_repeat = true;
  EXPECT_FALSE(store_->add_intent(repeat).known);
  end(repeat, Verdict::unsent);
  EXPECT_EQ(state_of(first), LedgerState::doubt);
  EXPECT_TRUE(find(first)->repeat_at) << "it was not sent: it is still to come";
  IntentRecord second = make_intent("s", 10);
  second.is_repeat = true;
  EXPECT_FALSE(store_->add_intent(second).known);
  end(second, Verdict::refused);
  EXPECT_EQ(state_of(first), LedgerState::doubt);
  EXPECT_EQ(reader().list_unpublished(), std::vector{job});
  EXPECT_EQ(reader().read(job)->intent.at, noon);
}

/// Each may be a job that was paid for.
TEST_F(LedgerStoreTest, ADoubtKnowsTheIdsThatWereSeenInEachOfItsAnswers) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add(first);
  end_seen(first, "video_1", noon + 60s);
  EXPECT_TRUE(reader().read(job)->ids_before.empty()) << "it is the one in `end`";
  for (const char* const id : {"video_2", "video_2"}) {
    IntentRecord repeat = make_intent("s", 10);
    repeat.is_repeat = true;
    add(repeat);
    end_seen(repeat, id);
  }
  const auto record = reader().read(job);
  EXPECT_EQ(record->end.api_id, "video_2");
  EXPECT_EQ(record->ids_before, std::vector<std::string>{"video_1"});
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

TEST_F(LedgerStoreTest, ARepeatThatIsAcceptedBeforeItsImageWasReadSettlesTheDoubt) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add(first);
  end(first, Verdict::doubt, "", noon + 60s);
  IntentRecord repeat = make_intent("s", 10);
  repeat.is_repeat = true;
  repeat.digests.image.reset();
  const IntentAnswer answer = store_->add_intent(repeat);
  EXPECT_FALSE(answer.known) << "the very file stands for what it holds";
  EXPECT_EQ(answer.job, job);
  end(repeat, Verdict::accepted, "paid");
  EXPECT_EQ(state_of(first), LedgerState::accepted);
}

TEST_F(LedgerStoreTest, WhatIsAnsweredAlreadyIsRecordedWhateverIsKnownOfThePair) {
  const std::int64_t sent = add_ended(make_intent("s", 10), Verdict::accepted);
  IntentRecord early = make_intent("t", 10);
  ASSERT_TRUE(store_->add_intent(early).known);
  early.is_answered = true;
  const IntentAnswer answer = store_->add_intent(early);
  EXPECT_FALSE(answer.known);
  EXPECT_NE(answer.job, sent);
  end(early, Verdict::accepted, "paid");
  EXPECT_EQ(reader().read(answer.job)->end.answer, "paid");
  EXPECT_EQ(reader().list_unpublished(), (std::vector{sent, answer.job}));
  EXPECT_EQ(store_->add_intent(early).job, answer.job) << "written anew after a failure that was none";
  EXPECT_TRUE(reader().list_open().empty());
}

TEST_F(LedgerStoreTest, ARepeatThatIsAnsweredAfterOtherContentCameIsAJobBesideTheDoubt) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t doubt = add(first);
  end(first, Verdict::doubt, "", noon + 60s);
  IntentRecord repeat = make_intent("s", 10);  // written over in place, and no stamp tells
  repeat.is_repeat = true;
  repeat.digests = {ContentDigest{7, 7}, std::nullopt};
  ASSERT_TRUE(store_->add_intent(repeat).known) << "what would be sent is something else";
  repeat.is_answered = true;
  const std::int64_t job = store_->add_intent(repeat).job;
  end(repeat, Verdict::accepted, "paid");
  EXPECT_NE(job, doubt);
  EXPECT_EQ(reader().read(job)->end.answer, "paid");
  EXPECT_EQ(reader().read(doubt)->job.state, LedgerState::doubt);
  EXPECT_EQ(reader().list_unpublished(), (std::vector{doubt, job})) << "no repeat will tell it any more";
}

TEST_F(LedgerStoreTest, AJobThatWasMovedOwesItsResultAtItsNewPlaceIfItDoesAtAll) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::accepted);
  store_->mark_said(job, ~std::uint64_t{0});
  store_->move_job(job, {{"b", "t"}, {1, 6, 60}, "t.TXT", "t.png"}, noon);
  EXPECT_EQ(reader().list_unpublished(), std::vector{job});
  const auto known = find(intent, {"b", "t"}).known;
  EXPECT_EQ(known->name, (JobName{"b", "t"}));
  EXPECT_EQ(known->said_mark, ~std::uint64_t{0}) << "what it was said about has its place in it";
  EXPECT_EQ(reader().find_at({"b", "t"})->id, job);
  EXPECT_EQ(reader().read(job)->job.prompt_name, "t.TXT");
  store_->mark_published(job);
  store_->move_job(job, {{"c", "t"}, {1, 7, 70}, "t.TXT", "t.png"}, noon);
  EXPECT_TRUE(reader().list_unpublished().empty()) << "what was published does not come back";
}

TEST_F(LedgerStoreTest, AnEndThatIsWrittenTwiceCountsOnce) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::accepted);
  store_->mark_published(job);
  end(intent, Verdict::doubt);
  EXPECT_EQ(state_of(intent), LedgerState::accepted);
  EXPECT_TRUE(reader().list_unpublished().empty());
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
  EXPECT_EQ(reader().list_unpublished(), std::vector{job});
}

TEST_F(LedgerStoreTest, WhatMayHaveBeenPaidForCountsAsSpent) {
  add_ended(make_intent("a", 10), Verdict::accepted);
  add_ended(make_intent("b", 20), Verdict::doubt);
  add_ended(make_intent("c", 30), Verdict::refused);
  add_ended(make_intent("d", 40), Verdict::unsent);
  add(make_intent("e", 50));
  EXPECT_EQ(reader().list_billable_since(noon).size(), 3U);
  EXPECT_EQ(reader().list_billable_since(noon + 1s).size(), 0U);
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

TEST_F(LedgerStoreTest, TellsTheOneOtherJobThatWasAcceptedWithAnId) {
  const auto accept = [this](const char* stem, std::uint64_t inode, const char* id) {
    const IntentRecord intent = make_intent(stem, inode);
    add(intent);
    EndRecord end;
    end.token = intent.token;
    end.verdict = Verdict::accepted;
    end.api_id = id;
    end.at = noon;
    store_->end_attempt(end);
    const std::optional<JobName> other = store_->find_namesake(end);
    return other ? other->text() : "";
  };
  EXPECT_EQ(accept("s", 10, "v_1"), "");
  EXPECT_EQ(accept("t", 20, "v_2"), "");
  EXPECT_EQ(accept("u", 30, "v_1"), "a/s");
  EXPECT_EQ(accept("v", 40, "v_1"), "") << "it was told";
  EXPECT_EQ(accept("w", 50, ""), "");
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
  EXPECT_EQ(finished[0].name, (JobName{"a", "a"}));
  store_->forget_texts(published);
  const auto record = reader().read(published);
  ASSERT_TRUE(record) << "it is still known";
  EXPECT_TRUE(record->job.digests.prompt && record->job.digests.image);
  EXPECT_EQ(record->end.answer, "");
  EXPECT_TRUE(record->job.is_forgotten);
  EXPECT_FALSE(reader().read(refused)->job.is_forgotten);
  EXPECT_EQ(reader().list_finished_before(noon + 2s, 0, 10).size(), 1U) << "once";
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
  EXPECT_EQ(reader().read(find(intent)->id)->job.pair.prompt.device, 8U);
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
