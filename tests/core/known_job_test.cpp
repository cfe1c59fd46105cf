#include "core/known_job.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::chrono_literals;

constexpr ContentDigest prompt_digest{1, 2};
constexpr ContentDigest image_digest{3, 4};
constexpr ContentDigest other_digest{5, 6};

FileIdentity make_stamp(std::uint64_t inode, std::uint64_t size, std::int64_t born) {
  return {1, inode, size, 1'000, born, born + 5};
}

const PairIdentity both_files{make_stamp(10, 100, 7'000), make_stamp(20, 200, 7'001)};
// On the same inodes, made later.
const PairIdentity later_files{make_stamp(10, 100, 9'000), make_stamp(20, 200, 9'001)};

KnownJob make_known(LedgerState state = LedgerState::accepted) {
  KnownJob out;
  out.id = 1;
  out.name = {"a", "scene"};
  out.pair = both_files;
  out.digests = {prompt_digest, image_digest};
  out.state = state;
  return out;
}

/// Of a ledger without digests, births and ctimes.
KnownJob make_old() {
  KnownJob out = make_known();
  out.digests = {};
  out.prompt_start = "Shot 1";
  for (FileIdentity* const stamp : {&out.pair.prompt, &out.pair.image}) stamp->born_ns = stamp->ctime_ns = 0;
  return out;
}

FoundPair find(const JobName& name, const PairIdentity& stamps, const ContentDigest& prompt,
               const ContentDigest& image) {
  FoundPair out;
  out.name = name;
  out.stamps = stamps;
  out.digests = {prompt, image};
  return out;
}

const JobName in_place{"a", "scene"};
const JobName elsewhere{"b", "scene"};

TEST(KnownJob, BothContentsAtTheJobsPathAreTheSameJobWhateverFilesHoldThem) {
  EXPECT_EQ(compare(make_known(), find(in_place, both_files, prompt_digest, image_digest), false),
            PairMatch::same);
  EXPECT_EQ(compare(make_known(), find(in_place, later_files, prompt_digest, image_digest), false),
            PairMatch::same);
}

TEST(KnownJob, TheSameTwoFilesElsewhereAreTheSameJobMoved) {
  const FoundPair found = find(elsewhere, both_files, prompt_digest, image_digest);
  EXPECT_EQ(compare(make_known(), found, false), PairMatch::moved);
  EXPECT_EQ(compare(make_known(), found, true), PairMatch::moved) << "a hard link is no second take";
}

TEST(KnownJob, BothContentsElsewhereAreMovedOnlyWhereTheOriginalIsGone) {
  const FoundPair found = find(elsewhere, later_files, prompt_digest, image_digest);
  EXPECT_EQ(compare(make_known(), found, false), PairMatch::moved);
  EXPECT_EQ(compare(make_known(), found, true), PairMatch::copy);
}

TEST(KnownJob, TheVeryFileBesideOtherContentIsTheOldJobHalfReplaced) {
  const PairIdentity new_prompt{later_files.prompt, both_files.image};
  EXPECT_EQ(compare(make_known(), find(in_place, new_prompt, other_digest, image_digest), false),
            PairMatch::half_replaced);
  const PairIdentity new_image{both_files.prompt, later_files.image};
  EXPECT_EQ(compare(make_known(), find(in_place, new_image, prompt_digest, other_digest), false),
            PairMatch::half_replaced);
  EXPECT_EQ(compare(make_known(), find(elsewhere, new_prompt, other_digest, image_digest), false),
            PairMatch::unrelated);
}

TEST(KnownJob, ANameUsedAgainWithACopyOfTheSameImageIsANewJob) {
  EXPECT_EQ(compare(make_known(), find(in_place, later_files, other_digest, image_digest), false),
            PairMatch::unrelated)
      << "the image has the same inode and content, and is another file";
}

TEST(KnownJob, BothFilesWrittenOverInPlaceAreANewJob) {
  EXPECT_EQ(compare(make_known(), find(in_place, both_files, other_digest, other_digest), false),
            PairMatch::unrelated);
}

TEST(KnownJob, OtherSizesAreOtherContentsWithoutReading) {
  PairIdentity longer = later_files;
  longer.prompt.size += 1;
  FoundPair found = find(in_place, longer, prompt_digest, image_digest);
  found.digests = {};
  EXPECT_EQ(compare_prompt(make_known(), found), ContentMatch::other);
  EXPECT_EQ(compare_image(make_known(), found), ContentMatch::unread);
}

TEST(KnownJob, WithoutBirthTimesOnlyAFileOfWhichNothingHasChangedIsTheVeryFile) {
  FileIdentity known = both_files.image;
  known.born_ns = 0;
  FileIdentity found = known;
  EXPECT_TRUE(is_very_file(known, found));
  found.ctime_ns += 1;
  EXPECT_FALSE(is_very_file(known, found));
}

TEST(KnownJob, AJobOfALedgerWithoutDigestsIsKnownByItsStampsAndThePromptsStart) {
  KnownJob known = make_old();
  FoundPair found = find(in_place, both_files, prompt_digest, image_digest);
  found.prompt_start = "Shot 1";
  EXPECT_EQ(compare(known, found, false), PairMatch::same);
  found.prompt_start = "Shot 2";
  EXPECT_EQ(compare(known, found, false), PairMatch::half_replaced);
  found.stamps.image.inode += 1;
  EXPECT_EQ(compare(known, found, false), PairMatch::unrelated);
}

TEST(KnownJob, AFileThatWasBornLongAfterAJobOfALedgerWithoutBirthsWasSentIsNotItsOwn) {
  KnownJob known = make_old();
  known.sent_at = SystemTime(1h);
  FoundPair found = find(in_place, both_files, prompt_digest, image_digest);
  found.prompt_start = "Shot 2";
  found.stamps.prompt.born_ns = found.stamps.image.born_ns = std::chrono::nanoseconds(26h).count();
  EXPECT_EQ(compare(known, found, false), PairMatch::half_replaced) << "a clock may be ahead";
  found.stamps.image.born_ns = std::chrono::nanoseconds(28h).count();
  EXPECT_EQ(compare(known, found, false), PairMatch::unrelated);
  EXPECT_FALSE(is_its_image(known, found.stamps.image));
  EXPECT_TRUE(is_its_prompt(known, found.stamps.prompt));
}

TEST(KnownJob, AStampOfAWholeSecondProvesOnlyAfterThatSecond) {
  FileIdentity stamp = make_stamp(1, 1, 0);
  stamp.ctime_ns = std::chrono::nanoseconds(5s).count();
  EXPECT_FALSE(is_proof(stamp, SystemTime(5500ms)));
  EXPECT_TRUE(is_proof(stamp, SystemTime(6021ms)));
}

TEST(KnownJob, WithoutBirthsAnInodeAndAWholeSecondAreNoFile) {
  KnownJob known = make_known();
  FoundPair found = find(in_place, both_files, prompt_digest, image_digest);
  found.digests.prompt = ContentDigest{7, 7};
  for (FileIdentity* stamp : {&known.pair.image, &found.stamps.image}) {
    stamp->born_ns = 0;
    stamp->ctime_ns = std::chrono::nanoseconds(5s).count();
  }
  known.proof.image = false;
  EXPECT_EQ(compare(known, found, false), PairMatch::unrelated)
      << "a name that is used again within a second";
  known.proof.image = true;
  EXPECT_EQ(compare(known, found, false), PairMatch::half_replaced);
}

TEST(KnownJob, AStampProvesOnlyWhereALaterChangeWouldShow) {
  const FileIdentity stamp = make_stamp(1, 1, 0);  // changed 5 ns after the epoch
  EXPECT_FALSE(is_proof(stamp, SystemTime(20ms)));
  EXPECT_TRUE(is_proof(stamp, SystemTime(21ms)));
}

TEST(KnownJob, OnlyWhatWasSurelyNotCreatedMayBeSentAgain) {
  EXPECT_TRUE(may_send(make_known(LedgerState::unsent)));
  EXPECT_TRUE(may_send(make_known(LedgerState::refused)));
  EXPECT_TRUE(may_send(make_known(LedgerState::reopened)));
  EXPECT_FALSE(may_send(make_known(LedgerState::intended)));
  EXPECT_FALSE(may_send(make_known(LedgerState::accepted)));
  EXPECT_FALSE(may_send(make_known(LedgerState::doubt)));
}

TEST(KnownJob, ARefusalThatTheApiHadCreatedIsAsGoodAsAccepted) {
  KnownJob refused = make_known(LedgerState::refused);
  refused.created_id = "video_77";
  EXPECT_FALSE(may_send(refused));
  EXPECT_EQ(disposition(refused, PairMatch::same), Disposition::move_result)
      << "its error file is still to be written";
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::move_result);
  refused.is_published = true;
  EXPECT_EQ(disposition(refused, PairMatch::same), Disposition::finish);
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::finish);
  EXPECT_EQ(disposition(refused, PairMatch::half_replaced), Disposition::finish);
  EXPECT_EQ(disposition(refused, PairMatch::copy), Disposition::send) << "another take is wanted";
  EXPECT_EQ(disposition(refused, PairMatch::unrelated), Disposition::send);
  refused.is_left_behind = true;
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::move_result);
}

TEST(KnownJob, ARefusalThatNobodyWasToldOfStandsForThesePairs) {
  const KnownJob refused = make_known(LedgerState::refused);
  EXPECT_EQ(disposition(refused, PairMatch::same), Disposition::move_result);
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::move_result);
  EXPECT_EQ(disposition(refused, PairMatch::half_replaced), Disposition::send);
  EXPECT_EQ(disposition(refused, PairMatch::unrelated), Disposition::send);
}

TEST(KnownJob, ARefusalThatWasToldIsOverOnceItsErrorFileIsRemoved) {
  KnownJob refused = make_known(LedgerState::refused);
  refused.is_published = true;
  EXPECT_EQ(disposition(refused, PairMatch::same), Disposition::send);
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::send);
}

TEST(KnownJob, AResultFollowsAMovedPairOnlyWhileItIsNotPublished) {
  KnownJob known = make_known();
  EXPECT_EQ(disposition(known, PairMatch::moved), Disposition::move_result);
  known.is_published = true;
  EXPECT_EQ(disposition(known, PairMatch::moved), Disposition::finish);
  EXPECT_EQ(disposition(known, PairMatch::copy), Disposition::send);
}

TEST(KnownJob, AResultThatWasLeftBehindFollowsItsPair) {
  KnownJob known = make_known();
  known.is_published = known.is_left_behind = true;
  EXPECT_EQ(disposition(known, PairMatch::moved), Disposition::move_result);
  EXPECT_EQ(disposition(known, PairMatch::same), Disposition::finish) << "the pair has come back to it";
}

TEST(KnownJob, OfWhatWasForgottenNoResultIsWrittenAgain) {
  KnownJob known = make_known();
  known.is_published = known.is_left_behind = known.is_forgotten = true;
  EXPECT_EQ(disposition(known, PairMatch::moved), Disposition::finish) << "its answer is erased";
  KnownJob refused = make_known(LedgerState::refused);
  refused.is_forgotten = true;
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::send) << "that it was refused is no news";
  refused.created_id = "video_77";
  EXPECT_EQ(disposition(refused, PairMatch::moved), Disposition::finish);
}

TEST(KnownJob, WhatForbidsSendingWinsAmongAllThatAreKin) {
  KnownJob older = make_known(LedgerState::accepted);
  older.is_published = true;
  KnownJob newer = make_known(LedgerState::unsent);
  newer.id = 2;
  const FoundPair found = find(in_place, both_files, prompt_digest, image_digest);
  const Recognition out = recognize({{newer, false}, {older, false}}, found);
  EXPECT_EQ(out.disposition, Disposition::finish);
  ASSERT_TRUE(out.known);
  EXPECT_EQ(out.known->id, 1);
}

/// Accepted and told, of other files, which are gone.
KnownJob make_other_take() {
  KnownJob other = make_known(LedgerState::accepted);
  other.is_published = true;
  other.name = elsewhere;
  other.pair = later_files;
  return other;
}

/// One that a person wants to run again.
KnownJob make_wanted(LedgerState state) {
  KnownJob own = make_known(state);
  own.id = 2;
  own.keys = 1;
  own.is_published = true;
  return own;
}

TEST(KnownJob, WhereAPersonHasSaidThatThisPairRunsAgainNoOtherTakeSpeaksAgainstIt) {
  const FoundPair in_its_place = find(in_place, both_files, prompt_digest, image_digest);
  const FoundPair moved = find({"c", "t"}, both_files, prompt_digest, image_digest);
  for (const LedgerState state : {LedgerState::reopened, LedgerState::unsent}) {
    for (const FoundPair& found : {in_its_place, moved}) {
      const Recognition out = recognize({{make_other_take(), false}, {make_wanted(state), false}}, found);
      EXPECT_EQ(out.disposition, Disposition::send) << word_of(state);
      ASSERT_TRUE(out.known);
      EXPECT_EQ(out.known->id, 2);
    }
  }
}

TEST(KnownJob, ToAWordAboutThePlaceATakeYieldsThatHasComeThere) {
  KnownJob take = make_other_take();
  take.pair = both_files;
  const FoundPair found = find(in_place, both_files, prompt_digest, image_digest);
  KnownJob wanted = make_wanted(LedgerState::reopened);
  wanted.pair = later_files;
  const Recognition out = recognize({{take, false}, {wanted, false}}, found);
  EXPECT_EQ(out.disposition, Disposition::send);
  ASSERT_TRUE(out.known);
  EXPECT_EQ(out.known->id, 2);
}

TEST(KnownJob, AWordIsAboutAPairAndNotAboutWhateverHasItsContent) {
  // The very files of the other take, somewhere; what the word was about is gone.
  const FoundPair found = find({"c", "t"}, later_files, prompt_digest, image_digest);
  for (const LedgerState state : {LedgerState::reopened, LedgerState::unsent, LedgerState::refused}) {
    const Recognition out = recognize({{make_wanted(state), false}, {make_other_take(), false}}, found);
    EXPECT_EQ(out.disposition, Disposition::finish) << word_of(state);
  }
  // Nor does one that was refused since.
  const FoundPair in_its_place = find(in_place, both_files, prompt_digest, image_digest);
  EXPECT_EQ(recognize({{make_wanted(LedgerState::refused), false}, {make_other_take(), false}}, in_its_place)
                .disposition,
            Disposition::finish);
}

TEST(KnownJob, WithoutSuchAWordOrWhereAnotherIsOnItsWayItDoes) {
  KnownJob other = make_known(LedgerState::accepted);
  other.name = elsewhere;
  other.pair = later_files;
  KnownJob own = make_known(LedgerState::unsent);
  const FoundPair found = find(in_place, both_files, prompt_digest, image_digest);
  EXPECT_NE(recognize({{other, false}, {own, false}}, found).disposition, Disposition::send);
  own.state = LedgerState::reopened;
  other.state = LedgerState::intended;
  EXPECT_EQ(recognize({{other, false}, {own, false}}, found).disposition, Disposition::wait);
  // A job of the same place is what the word was about, too: `retry` sees to it.
  other = make_known(LedgerState::accepted);
  other.is_published = true;
  EXPECT_EQ(recognize({{other, false}, {own, false}}, found).disposition, Disposition::finish);
}

TEST(KnownJob, ADoubtWhosePairWasReplacedBeforeItsRepeatIsTold) {
  KnownJob doubt = make_known(LedgerState::doubt);
  doubt.repeat_at = SystemTime{};
  KnownJob sent = make_known();
  sent.id = 2;
  sent.digests = {other_digest, other_digest};
  const FoundPair rewritten = find(in_place, both_files, other_digest, other_digest);
  const FoundPair half = find(in_place, both_files, other_digest, image_digest);
  for (const FoundPair& found : {rewritten, half}) {
    const Recognition out = recognize({{sent, false}, {doubt, false}}, found);
    EXPECT_EQ(out.disposition, Disposition::move_result);
    ASSERT_TRUE(out.known);
    EXPECT_EQ(out.known->id, 1);
  }
  EXPECT_EQ(recognize({{doubt, false}}, find(in_place, both_files, prompt_digest, image_digest)).disposition,
            Disposition::repeat);
  EXPECT_EQ(recognize({{doubt, false}}, find(elsewhere, later_files, other_digest, image_digest)).disposition,
            Disposition::send);
  doubt.repeat_at.reset();
  EXPECT_EQ(recognize({{doubt, false}}, rewritten).disposition, Disposition::send);
}

TEST(KnownJob, ACopyNamesItsOriginalsAndIsSent) {
  const FoundPair found = find(elsewhere, later_files, prompt_digest, image_digest);
  const Recognition out = recognize({{make_known(), true}}, found);
  EXPECT_EQ(out.disposition, Disposition::send);
  EXPECT_FALSE(out.known);
  EXPECT_EQ(out.originals, std::vector<std::int64_t>{1});
}

}  // namespace
}  // namespace reeld
