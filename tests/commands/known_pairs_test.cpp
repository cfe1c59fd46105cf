#include "commands/job/known_pairs.hpp"

#include <gtest/gtest.h>

#include "commands/status/count_pairs.hpp"
#include "ledger/ledger_store.hpp"
#include "support/digests.hpp"
#include "support/temp_folder.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

class KnownPairsTest : public testing::Test {
 protected:
  KnownPairsTest() {
    spool.write("scene.txt", "x");
    spool.write("scene.png", "y");
    root = std::get<FileIdentity>(identify_beneath(spool.fd(), "scene.txt")).device;
  }

  PairIdentity pair() const {
    return {std::get<FileIdentity>(identify_beneath(spool.fd(), "scene.txt")),
            std::get<FileIdentity>(identify_beneath(spool.fd(), "scene.png"))};
  }

  void send(const PairIdentity& files, Verdict verdict, std::optional<SystemTime> repeat_at = std::nullopt) {
    IntentRecord intent;
    intent.token = "1-1";
    intent.job = {"", "scene"};
    intent.prompt_name = "scene.txt";
    intent.image_name = "scene.png";
    intent.pair = files;
    intent.digests = test::digest_pair(spool.fd(), "scene", store.reader().digest_seed());
    intent.proof = {true, true};
    store.add_intent(intent);
    EndRecord end;
    end.token = "1-1";
    end.verdict = verdict;
    end.repeat_at = repeat_at;
    store.end_attempt(end);
  }

  std::string say(const JobName& name) {
    const auto found = KnownPairs(&store.reader(), spool.fd()).find(this->find(name));
    return found ? describe(*found, name) : "";
  }

  /// The pair as if it lay at that path.
  ReadyPair find(const JobName& name) const {
    ReadyPair out;
    out.job = name;
    out.prompt_name = "scene.txt";
    out.image_name = "scene.png";
    out.identity = pair();
    return out;
  }

  std::size_t count_waiting() {
    const KnownPairs known(&store.reader(), spool.fd());
    return tally_pairs(spool.fd(), true, known, WaitReason::not_running, SystemTime{})
        .total(WaitReason::not_running);
  }

  TempFolder spool;
  LedgerStore store{":memory:"};
  std::uint64_t root = 0;
};

TEST_F(KnownPairsTest, WithoutALedgerNothingIsKnown) {
  EXPECT_FALSE(KnownPairs().find(this->find({"", "scene"})));
  EXPECT_FALSE(KnownPairs(nullptr, spool.fd()).find(this->find({"", "scene"})));
}

TEST_F(KnownPairsTest, WhatMayBeSentWaits) {
  EXPECT_EQ(count_waiting(), 1U);
  send(pair(), Verdict::unsent);
  EXPECT_EQ(say({"", "scene"}), "");
  EXPECT_EQ(count_waiting(), 1U);
}

TEST_F(KnownPairsTest, AnAcceptedPairDoesNotWaitNorWhereItWasMovedTo) {
  send(pair(), Verdict::accepted);
  EXPECT_EQ(say({"", "scene"}), "accepted; nothing is sent");
  EXPECT_EQ(say({"later", "scene"}), "accepted as scene; nothing is sent, and its result is written here");
  EXPECT_EQ(count_waiting(), 0U);
}

TEST_F(KnownPairsTest, ADoubtMayHaveItsRepeatToCome) {
  send(pair(), Verdict::doubt, SystemTime{});
  EXPECT_EQ(say({"", "scene"}), "doubt; it is sent once more (on_doubt = \"retry\")");
}

TEST_F(KnownPairsTest, HalfReplacedItIsStillTheOldJob) {
  send(pair(), Verdict::doubt);
  spool.write("new", "another prompt");
  spool.rename("new", "scene.txt");
  EXPECT_EQ(say({"", "scene"}),
            "doubt; one of its files was replaced since, so nothing is sent: `reeld retry` would");
  EXPECT_EQ(say({"", "other"}), "");
}

TEST_F(KnownPairsTest, AfterARebootTheDiskMayHaveAnotherNumber) {
  PairIdentity before = pair();
  before.prompt.device = before.image.device = root + 1;
  send(before, Verdict::accepted);
  EXPECT_EQ(count_waiting(), 0U) << "known by its content";
  spool.write("new", "another prompt");
  spool.rename("new", "scene.txt");
  EXPECT_EQ(count_waiting(), 1U) << "for all that the ledger says, the image is on another disk";
  LedgerIdentity identity;
  identity.uuid = "u";
  identity.root.device = root + 1;
  store.write_identity(identity);
  EXPECT_EQ(count_waiting(), 0U);
}

}  // namespace
}  // namespace reeld
