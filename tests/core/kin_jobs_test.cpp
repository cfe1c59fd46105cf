#include "core/kin_jobs.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

constexpr ContentDigest prompt_digest{1, 2};
constexpr ContentDigest image_digest{3, 4};
constexpr ContentDigest other_digest{5, 6};
const PairIdentity both_files{{1, 10, 100, 1'000, 7'000, 7'005}, {1, 20, 200, 1'000, 7'001, 7'006}};

KnownJob make_known(std::int64_t id = 1) {
  KnownJob out;
  out.id = id;
  out.name = {"a", "scene"};
  out.pair = both_files;
  out.digests = {prompt_digest, image_digest};
  out.proof = {true, true};
  out.state = LedgerState::accepted;
  out.is_published = true;
  return out;
}

FoundPair make_found() {
  FoundPair out;
  out.name = {"a", "scene"};
  out.stamps = both_files;
  return out;
}

TEST(KinJobs, AnEqualStampThatIsAProofTellsTheContent) {
  FoundPair found = make_found();
  take_proven_contents({make_known()}, found);
  EXPECT_EQ(found.digests, (PairDigests{prompt_digest, image_digest}));
  EXPECT_EQ(found.proof, (PairProof{true, true}));
}

TEST(KinJobs, AYoungOrAnotherStampTellsNothing) {
  KnownJob young = make_known();
  young.proof.prompt = false;
  FoundPair found = make_found();
  ++found.stamps.image.ctime_ns;
  take_proven_contents({young}, found);
  EXPECT_EQ(found.digests, PairDigests{});
  EXPECT_EQ(found.proof, PairProof{});
}

TEST(KinJobs, APromptIsReadWhereAJobHadOneOfThatSize) {
  FoundPair found = make_found();
  EXPECT_TRUE(depends_on_prompt({make_known()}, found));
  EXPECT_FALSE(depends_on_prompt({}, found));
  ++found.stamps.prompt.size;
  EXPECT_FALSE(depends_on_prompt({make_known()}, found));
}

TEST(KinJobs, AnImageIsReadWhereItAloneTells) {
  FoundPair found = make_found();
  found.digests.prompt = prompt_digest;
  EXPECT_TRUE(depends_on_image({make_known()}, found)) << "the same prompt";
  found.digests.prompt = other_digest;
  EXPECT_TRUE(depends_on_image({make_known()}, found)) << "the very image, in its place: half replaced?";
  found.name = {"b", "scene"};
  EXPECT_FALSE(depends_on_image({make_known()}, found)) << "the prompt settles it";
  found.digests = {prompt_digest, image_digest};
  EXPECT_FALSE(depends_on_image({make_known()}, found)) << "it was read";
}

TEST(KinJobs, AnImageIsReadWhoseContentWasNeverRecorded) {
  KnownJob old = make_known();
  old.digests = {};
  old.prompt_start = "a cat";
  FoundPair found = make_found();
  old.name = {"b", "scene"};
  EXPECT_FALSE(depends_on_image({old}, found)) << "first its prompt has to be the job's";
  found.digests.prompt = prompt_digest;
  found.prompt_start = "a cat";
  EXPECT_TRUE(depends_on_image({old}, found)) << "it is known by its inode only as long as that lasts";
  found.stamps.image.inode = 77;
  EXPECT_FALSE(depends_on_image({old}, found));
}

TEST(KinJobs, OnlyWhatForbidsSendingAtItsOwnPathKeepsOthersFromBeingAsked) {
  FoundPair found = make_found();
  found.digests = {prompt_digest, image_digest};
  EXPECT_TRUE(is_barred_in_place({make_known()}, found));
  KnownJob released = make_known();
  released.state = LedgerState::reopened;
  EXPECT_FALSE(is_barred_in_place({released}, found));
  found.name = {"b", "scene"};
  EXPECT_FALSE(is_barred_in_place({make_known()}, found));
}

TEST(KinJobs, EachIsListedOnce) {
  std::vector<KnownJob> kin{make_known(1)};
  add_missing(kin, {make_known(1), make_known(2), make_known(2)});
  ASSERT_EQ(kin.size(), 2U);
  EXPECT_EQ(kin[1].id, 2);
}

TEST(KinJobs, StampsAreNewOnlyOnceBothContentsAreKnown) {
  Recognition recognition;
  recognition.known = make_known();
  recognition.found = make_found();
  ++recognition.found.stamps.prompt.ctime_ns;
  EXPECT_FALSE(has_new_stamps(recognition));
  recognition.found.digests = {prompt_digest, image_digest};
  EXPECT_TRUE(has_new_stamps(recognition)) << "touched";
  recognition.found.stamps = both_files;
  EXPECT_FALSE(has_new_stamps(recognition)) << "a proof is not given up for none";
  recognition.found.proof = {true, true};
  EXPECT_FALSE(has_new_stamps(recognition));
  recognition.known->proof.image = false;
  EXPECT_TRUE(has_new_stamps(recognition)) << "now they prove it";
}

}  // namespace
}  // namespace reeld
