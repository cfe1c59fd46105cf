// Which job a pair is, by real files: what changes between the look and the question.

#include "spool/pair_lookup.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "ledger/ledger_store.hpp"
#include "support/digests.hpp"
#include "support/temp_folder.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;

class PairLookupTest : public ::testing::Test {
 protected:
  PairLookupTest() {
    folder_.write("scene.txt", "a cat");
    folder_.write("scene.png", "a picture");
    IntentRecord intent;
    intent.token = "1-1";
    intent.job = {"", "scene"};
    intent.prompt_name = "scene.txt";
    intent.image_name = "scene.png";
    intent.pair = look("scene").identity;
    intent.digests = test::digest_pair(folder_.fd(), "scene", store_.reader().digest_seed());
    intent.proof = {true, true};
    job_ = store_.add_intent(intent).job;
    EndRecord end;
    end.token = "1-1";
    end.verdict = Verdict::accepted;
    store_.end_attempt(end);
    for (const char* const extension : {".txt", ".png"})
      std::filesystem::copy_file(folder_ / ("scene" + std::string(extension)),
                                 folder_ / ("copy" + std::string(extension)));
  }

  ReadyPair look(const std::string& stem) const {
    ReadyPair pair;
    pair.job = {"", stem};
    pair.prompt_name = stem + ".txt";
    pair.image_name = stem + ".png";
    pair.identity = {std::get<FileIdentity>(identify_beneath(folder_.fd(), pair.prompt_name)),
                     std::get<FileIdentity>(identify_beneath(folder_.fd(), pair.image_name))};
    return pair;
  }
  /// chmod and utimensat, as `cp -p` and Python's copy() call them once a file is closed.
  void touch(const std::string& name) const {
    const std::string path = (folder_ / name).string();
    ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
    const ::timespec long_ago[2] = {{1'000'000, 0}, {1'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), long_ago, 0), 0);
  }
  Recognition find(const ReadyPair& pair) { return PairLookup(store_.reader(), folder_.fd()).find(pair); }

  TempFolder folder_;
  LedgerStore store_{":memory:"};
  std::int64_t job_ = 0;
};

TEST_F(PairLookupTest, ACopyIsKnownForOne) {
  EXPECT_THAT(find(look("copy")).originals, ElementsAre(job_));
}

TEST_F(PairLookupTest, ACopyThatWasTouchedSinceIsKnownForOneToo) {
  const ReadyPair pair = look("copy");
  touch("copy.txt");
  touch("copy.png");
  const Recognition found = find(pair);
  EXPECT_THAT(found.originals, ElementsAre(job_));
  EXPECT_FALSE(found.found.proof.prompt || found.found.proof.image) << "these stamps are of before";
}

TEST_F(PairLookupTest, WhatHasBeenReplacedSinceIsUnknown) {
  const ReadyPair pair = look("copy");
  folder_.write("other", folder_.read("copy.txt"));
  folder_.rename("other", "copy.txt");
  const Recognition found = find(pair);
  EXPECT_FALSE(found.found.digests.prompt) << "it is not this pair's";
  EXPECT_TRUE(found.originals.empty());
}

}  // namespace
}  // namespace reeld
