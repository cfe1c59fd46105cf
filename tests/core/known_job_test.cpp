#include "core/known_job.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const PairIdentity pair{{1, 10, 100, 1000}, {1, 20, 200, 2000}};
const PairIdentity other{{1, 11, 100, 1000}, {1, 21, 200, 2000}};
KnownJob make_known() {
  KnownJob out;
  out.id = 1;
  out.name = {"a", "scene"};
  out.pair = pair;
  out.state = LedgerState::accepted;
  return out;
}
const KnownJob known = make_known();

TEST(KnownJob, BothFilesAtTheOldPathAreTheSameJob) {
  EXPECT_EQ(compare(known, {"a", "scene"}, pair), Kinship::same);
}

TEST(KnownJob, BothFilesAtAnotherPathAreTheSameJobMoved) {
  EXPECT_EQ(compare(known, {"b", "scene"}, pair), Kinship::moved);
  EXPECT_EQ(compare(known, {"a", "renamed"}, pair), Kinship::moved);
}

TEST(KnownJob, OneFileAtTheOldPathIsTheOldJobHalfReplaced) {
  EXPECT_EQ(compare(known, {"a", "scene"}, {pair.prompt, other.image}), Kinship::half_replaced);
  EXPECT_EQ(compare(known, {"a", "scene"}, {other.prompt, pair.image}), Kinship::half_replaced);
}

TEST(KnownJob, OneFileElsewhereIsAnotherJob) {
  EXPECT_EQ(compare(known, {"b", "scene"}, {pair.prompt, other.image}), Kinship::stranger);
}

TEST(KnownJob, TwoNewFilesUnderAnOldNameAreANewJob) {
  EXPECT_EQ(compare(known, {"a", "scene"}, other), Kinship::stranger);
}

TEST(KnownJob, AFileThatWasRewrittenIsAnotherFile) {
  PairIdentity touched = pair;
  touched.prompt.mtime_ns += 1;
  EXPECT_EQ(compare(known, {"a", "scene"}, touched), Kinship::half_replaced);
  touched.image.size += 1;
  EXPECT_EQ(compare(known, {"a", "scene"}, touched), Kinship::stranger);
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
  EXPECT_EQ(welcome(refused, {"a", "scene"}, pair), Welcome::follow);
  EXPECT_EQ(welcome(refused, {"b", "scene"}, pair), Welcome::follow);
  EXPECT_EQ(welcome(refused, {"a", "scene"}, {pair.prompt, other.image}), Welcome::send);
  EXPECT_EQ(welcome(refused, {"a", "scene"}, other), Welcome::send);
}

TEST(KnownJob, ARefusalThatWasToldIsOverOnceItsErrorFileIsRemoved) {
  KnownJob refused = make_known();
  refused.state = LedgerState::refused;
  refused.is_published = true;
  EXPECT_EQ(welcome(refused, {"a", "scene"}, pair), Welcome::send);
  EXPECT_EQ(welcome(refused, {"b", "scene"}, pair), Welcome::send);
}

}  // namespace
}  // namespace reeld
