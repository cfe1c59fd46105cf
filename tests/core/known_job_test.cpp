#include "core/known_job.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const PairIdentity both_files{{1, 10, 100, 1000}, {1, 20, 200, 2000}};
const PairIdentity other_files{{1, 11, 100, 1000}, {1, 21, 200, 2000}};
KnownJob make_known() {
  KnownJob out;
  out.id = 1;
  out.name = {"a", "scene"};
  out.pair = both_files;
  out.state = LedgerState::accepted;
  return out;
}
const KnownJob known_job = make_known();

TEST(KnownJob, BothFilesAtTheOldPathAreTheSameJob) {
  EXPECT_EQ(compare(known_job, {"a", "scene"}, both_files), Kinship::same);
}

TEST(KnownJob, BothFilesAtAnotherPathAreTheSameJobMoved) {
  EXPECT_EQ(compare(known_job, {"b", "scene"}, both_files), Kinship::moved);
  EXPECT_EQ(compare(known_job, {"a", "renamed"}, both_files), Kinship::moved);
}

TEST(KnownJob, OneFileAtTheOldPathIsTheOldJobHalfReplaced) {
  EXPECT_EQ(compare(known_job, {"a", "scene"}, {both_files.prompt, other_files.image}),
            Kinship::half_replaced);
  EXPECT_EQ(compare(known_job, {"a", "scene"}, {other_files.prompt, both_files.image}),
            Kinship::half_replaced);
}

TEST(KnownJob, OneFileElsewhereIsAnotherJob) {
  EXPECT_EQ(compare(known_job, {"b", "scene"}, {both_files.prompt, other_files.image}), Kinship::stranger);
}

TEST(KnownJob, TwoNewFilesUnderAnOldNameAreANewJob) {
  EXPECT_EQ(compare(known_job, {"a", "scene"}, other_files), Kinship::stranger);
}

TEST(KnownJob, AFileThatWasRewrittenIsAnotherFile) {
  PairIdentity touched = both_files;
  touched.prompt.mtime_ns += 1;
  EXPECT_EQ(compare(known_job, {"a", "scene"}, touched), Kinship::half_replaced);
  touched.image.size += 1;
  EXPECT_EQ(compare(known_job, {"a", "scene"}, touched), Kinship::stranger);
}

TEST(KnownJob, OnlyWhatWasSurelyNotCreatedMayBeSentAgain) {
  EXPECT_TRUE(may_send(LedgerState::unsent));
  EXPECT_TRUE(may_send(LedgerState::refused));
  EXPECT_TRUE(may_send(LedgerState::released));
  EXPECT_FALSE(may_send(LedgerState::intended));
  EXPECT_FALSE(may_send(LedgerState::accepted));
  EXPECT_FALSE(may_send(LedgerState::doubt));
}

TEST(KnownJob, ARefusalThatNobodyWasToldOfStandsForTheseFiles) {
  KnownJob refused = make_known();
  refused.state = LedgerState::refused;
  EXPECT_EQ(welcome(refused, {"a", "scene"}, both_files), Welcome::follow);
  EXPECT_EQ(welcome(refused, {"b", "scene"}, both_files), Welcome::follow);
  EXPECT_EQ(welcome(refused, {"a", "scene"}, {both_files.prompt, other_files.image}), Welcome::send);
  EXPECT_EQ(welcome(refused, {"a", "scene"}, other_files), Welcome::send);
}

TEST(KnownJob, ARefusalThatWasToldIsOverOnceItsErrorFileIsRemoved) {
  KnownJob refused = make_known();
  refused.state = LedgerState::refused;
  refused.is_published = true;
  EXPECT_EQ(welcome(refused, {"a", "scene"}, both_files), Welcome::send);
  EXPECT_EQ(welcome(refused, {"b", "scene"}, both_files), Welcome::send);
}

}  // namespace
}  // namespace reeld
