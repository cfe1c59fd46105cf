// Which job a pair is, by what the ledger holds of it.

#include "ledger/store_fixture.hpp"

namespace reeld {
namespace {

using LedgerIdentityTest = LedgerStoreTest;

TEST_F(LedgerIdentityTest, KnowsAPairWhereverItWasMoved) {
  const IntentRecord intent = make_intent("s", 10);
  add_ended(intent, Verdict::doubt);
  const Recognition moved = find(intent, {"elsewhere", "t"});
  ASSERT_TRUE(moved.known);
  EXPECT_EQ(moved.known->name, intent.job);
  EXPECT_EQ(moved.match, PairMatch::moved);
  IntentRecord half = intent;
  half.pair.image.inode = 99;
  half.digests.image = ContentDigest{9, 9};
  EXPECT_EQ(find(half, intent.job).match, PairMatch::half_replaced);
  EXPECT_EQ(find(half, {"elsewhere", "t"}).disposition, Disposition::send);
}

TEST_F(LedgerIdentityTest, KnowsAContentWhateverFilesHoldIt) {
  IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::accepted);
  IntentRecord restored = intent;
  restored.pair.prompt.inode = 1000;
  restored.pair.image.inode = 1001;
  EXPECT_EQ(find(restored).value().id, job);
  EXPECT_EQ(find(restored, {"b", "t"}).match, PairMatch::moved);
  FoundPair copy;
  copy.name = {"b", "t"};
  copy.stamps = restored.pair;
  copy.digests = restored.digests;
  EXPECT_EQ(reader().find(copy, {job}).disposition, Disposition::send) << "its original was found in place";
}

TEST_F(LedgerIdentityTest, TheTransactionOfAnIntentBarsACopyOnlyWhereItsOriginalWasNotFound) {
  const std::int64_t job = add_ended(make_intent("s", 10), Verdict::accepted);
  IntentRecord copy = make_intent("t", 10);
  copy.pair.prompt.inode = 1000;
  copy.pair.image.inode = 1001;
  EXPECT_TRUE(store_->add_intent(copy).known);
  copy.originals = {job};
  EXPECT_FALSE(store_->add_intent(copy).known);
}

TEST_F(LedgerIdentityTest, InodesThatAreUsedAgainAndAgainNameOnlyThoseOfTheSameBirth) {
  for (std::int64_t number = 0; number < 200; ++number) {
    IntentRecord intent = make_intent("s" + std::to_string(number), 10);
    intent.pair.prompt.born_ns = intent.pair.image.born_ns = 1'000 + number;
    intent.digests = {ContentDigest{1, static_cast<std::uint64_t>(number)}, ContentDigest{2, 2}};
    add(intent);
    end(intent, Verdict::accepted);
  }
  PairIdentity files = make_intent("s", 10).pair;
  files.prompt.born_ns = files.image.born_ns = 1'100;
  const auto kin = store_->reader().list_kin({"a", "elsewhere"}, files);
  ASSERT_EQ(kin.size(), 1U);
  EXPECT_EQ(kin[0].name.stem, "s100");
}

TEST_F(LedgerIdentityTest, WhatLeavesItsPlaceStaysKnownByContent) {
  const std::int64_t job = add_ended(make_intent("s", 10), Verdict::accepted);
  store_->mark_published(job);
  store_->leave_place(job);
  IntentRecord half = make_intent("s", 10);
  half.pair.image.inode = 99;
  half.digests.image = ContentDigest{2, 99};
  EXPECT_FALSE(store_->add_intent(half).known) << "other content may be sent from its path";
  end(half, Verdict::accepted);
  IntentRecord again = make_intent("s", 10);
  again.pair.prompt.inode = 1000;
  again.pair.image.inode = 1001;
  const auto known = store_->add_intent(again).known;
  ASSERT_TRUE(known);
  EXPECT_EQ(known->id, job);
}

TEST_F(LedgerIdentityTest, ANewPromptUnderAnOldNameAndOnOldInodesIsANewJob) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add_ended(first, Verdict::accepted);
  IntentRecord second = make_intent("s", 10);
  second.pair.prompt.born_ns = second.pair.image.born_ns = 77;
  second.digests.prompt = ContentDigest{8, 8};
  second.token = "1-99";
  const IntentAnswer answer = store_->add_intent(second);
  EXPECT_FALSE(answer.known);
  EXPECT_NE(answer.job, job);
}

TEST_F(LedgerIdentityTest, ContentIsAskedForOnlyWhereAJobCouldHaveHadIt) {
  const IntentRecord intent = make_intent("s", 10);
  add(intent);
  EXPECT_TRUE(reader().has_sizes(10, 20));
  EXPECT_FALSE(reader().has_sizes(10, 21));
  EXPECT_TRUE(reader().has_prompt(*intent.digests.prompt, intent.pair));
  EXPECT_FALSE(reader().has_prompt(ContentDigest{9, 9}, intent.pair));
}

TEST_F(LedgerIdentityTest, TakesNewStampsOfAPairThatWasMetAgain) {
  IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add_ended(intent, Verdict::accepted);
  PairIdentity touched = intent.pair;
  touched.prompt.ctime_ns = 12345;
  store_->take_stamps(job, {touched, intent.digests, {false, true}});
  const auto record = reader().read(job);
  EXPECT_EQ(record->job.pair, touched);
  EXPECT_EQ(record->job.proof, (PairProof{false, true}));
}

TEST_F(LedgerIdentityTest, AJobKeepsItsIdempotencyKeyUntilAPersonSaysRunItAgain) {
  IntentRecord intent = make_intent("s", 10);
  intent.idempotency_key = "key-1";
  const std::int64_t job = add_ended(intent, Verdict::unsent);
  EXPECT_EQ(find(intent)->idempotency_key, "key-1");
  store_->reopen(job, noon);
  EXPECT_EQ(find(intent)->idempotency_key, "");
}

TEST_F(LedgerIdentityTest, ARefusalIsKnownAsCreatedByItsId) {
  std::uint64_t inode = 10;
  for (const auto& [status, id, created] :
       std::initializer_list<std::tuple<int, const char*, const char*>>{{200, "video_77", "video_77"},
                                                                        {202, "video_77", "video_77"},
                                                                        {200, "", ""},
                                                                        {422, "video_77", "video_77"},
                                                                        {400, "", ""}}) {
    const IntentRecord intent = make_intent("s" + std::to_string(inode), inode);
    const std::int64_t job = add(intent);
    EndRecord refused;
    refused.token = intent.token;
    refused.verdict = Verdict::refused;
    refused.http_status = status;
    refused.api_id = id;
    refused.at = noon;
    store_->end_attempt(refused);
    store_->mark_published(job);
    EXPECT_EQ(find(intent)->created_id, created);
    EXPECT_EQ(find(intent, intent.job).disposition, *created == 0 ? Disposition::send : Disposition::finish);
    // A person's word is about all that was before it.
    store_->reopen(job, noon);
    EXPECT_EQ(find(intent)->created_id, "");
    EXPECT_EQ(find(intent, intent.job).disposition, Disposition::send);
    inode += 10;
  }
}

TEST_F(LedgerIdentityTest, ACreatedRefusalIsNotSentByAnIntentEither) {
  const IntentRecord intent = make_intent("s", 10);
  const std::int64_t job = add(intent);
  EndRecord refused;
  refused.token = intent.token;
  refused.verdict = Verdict::refused;
  refused.http_status = 200;
  refused.api_id = "video_77";
  refused.at = noon;
  store_->end_attempt(refused);
  store_->mark_published(job);
  IntentRecord again = intent;
  again.token = "1-again";
  const IntentAnswer answer = store_->add_intent(again);
  ASSERT_TRUE(answer.known);
  EXPECT_EQ(answer.known->created_id, "video_77");
  store_->forget_texts(job);
  EXPECT_EQ(find(intent)->created_id, "video_77") << "id and state stay";
}

TEST_F(LedgerIdentityTest, WhatBarsSendingSpeaksBeforeWhatDoesNotButForAPersonsWord) {
  const IntentRecord first = make_intent("s", 10);
  const std::int64_t job = add_ended(first, Verdict::unsent);
  IntentRecord elsewhere = make_intent("t", 10);
  elsewhere.pair.prompt.inode = 1000;
  elsewhere.pair.image.inode = 1001;
  elsewhere.originals = {job};
  add_ended(elsewhere, Verdict::accepted);
  EXPECT_EQ(state_of(first), LedgerState::accepted) << "the same content, under another name";
  store_->reopen(job, noon);
  EXPECT_EQ(state_of(first), LedgerState::reopened) << "these very files are to run";
  EXPECT_EQ(state_of(elsewhere), LedgerState::accepted);
}

}  // namespace
}  // namespace reeld
