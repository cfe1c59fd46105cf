#include "commands/check/check_pairs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>

#include "ledger/ledger_store.hpp"
#include "support/digests.hpp"
#include "support/images.hpp"
#include "support/temp_folder.hpp"
#include "sys/process_setup.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class CheckPairs : public testing::Test {
 protected:
  CheckPairs() {
    prepare_process();
    settings.spool.path = folder.path();
  }

  void write_pair(const std::string& stem, std::string_view prompt = "a cat on a roof\n") {
    folder.write(stem + ".txt", prompt);
    folder.write(stem + ".png", test::make_png(640, 480, 5000));
  }

  std::string check() {
    std::ostringstream out;
    std::ostringstream err;
    CheckReport report(out, err);
    check_pairs(settings, known, out, report);
    EXPECT_EQ(err.str(), "");
    return out.str();
  }

  PairIdentity identify_pair(const std::string& stem) const {
    const auto of = [&](const std::string& name) {
      return std::get<FileIdentity>(identify_beneath(folder.fd(), name));
    };
    return {of(stem + ".txt"), of(stem + ".png")};
  }

  TempFolder folder;
  Settings settings;
  KnownPairs known;
};

TEST_F(CheckPairs, AnEmptySpoolHasNone) {
  EXPECT_EQ(check(), "pairs         none\n");
}

TEST_F(CheckPairs, NamesWhatWasProbablyMeantAsTheOtherHalf) {
  folder.write("photo.txt", "x");
  folder.write("photo.heic", "x");
  folder.write("scene.txt", "x");
  folder.write("Scene.png", "x");
  folder.write("clip.png.png", "x");
  folder.write("clip.txt", "x");
  const std::string said = check();
  EXPECT_THAT(said, HasSubstr("photo: photo.txt has no image; photo.heic is HEIC, not PNG, JPEG or WebP\n"));
  EXPECT_THAT(said,
              HasSubstr("scene: scene.txt has no image; Scene.png has the same name in another case\n"));
  EXPECT_THAT(said,
              HasSubstr("Scene: Scene.png has no prompt; scene.txt has the same name in another case\n"));
  EXPECT_THAT(said, HasSubstr("clip: clip.txt has no image; clip.png.png has two extensions\n"));
  EXPECT_THAT(said, HasSubstr("clip.png: clip.png.png has no prompt; clip.txt would be the other half"));
}

TEST_F(CheckPairs, SaysWhichFieldsLookMistyped) {
  write_pair("scene", "+++\nsecond = 4\n+++\na cat\n");
  EXPECT_THAT(check(), HasSubstr("note: second is sent as it is; did you mean seconds?\n"));
}

TEST_F(CheckPairs, APairWaitsForAFoldersSettings) {
  folder.make_folder("film/day");
  folder.write("film/reeld.toml", "model = \"half");
  write_pair("film/day/scene");
  write_pair("top");
  const std::string said = check();
  EXPECT_THAT(said, HasSubstr("settings      film/day/scene: it waits until this file is mended or removed: "
                              "film/reeld.toml:1: "));
  EXPECT_THAT(said, HasSubstr("1 ready, 1 settings; nothing was sent"));
  folder.write("film/reeld.toml", "model = [1]\n");
  EXPECT_THAT(check(), HasSubstr("film/reeld.toml:1: model: an array"));
}

TEST_F(CheckPairs, AReadyPairShowsWhatWouldBeSent) {
  write_pair("scene1");
  EXPECT_EQ(
      check(),
      "ready         scene1\n"
      "              prompt of 15 characters; image/png of 640x480 pixels, 5000 bytes, as input_reference\n"
      "              model = \"sora-2\", seconds = \"10\", size = \"16x9\", watermark = \"false\"\n"
      "pairs         1 ready; nothing was sent\n");
}

TEST_F(CheckPairs, AnImageWhoseSizeCannotBeReadIsSentAllTheSame) {
  write_pair("odd");
  folder.write("odd.png", test::png_signature() + std::string(100, 'x') + test::png_chunk("IEND", ""));
  EXPECT_THAT(check(), HasSubstr("image/png of unknown size in pixels, 120 bytes, as input_reference\n"));
}

TEST_F(CheckPairs, ParametersAreMergedAndEmptyOnesNotSent) {
  folder.make_folder("projectA");
  folder.write("projectA/reeld.toml", "seconds = 4\nwatermark = \"\"\n");
  write_pair("projectA/scene1", "+++\nmodel = \"veo\"\nsize = \"1280x720\"\n+++\na cat\n");
  const std::string said = check();
  EXPECT_THAT(said, StartsWith("ready         projectA/scene1\n              prompt of 5 characters; "));
  EXPECT_THAT(said, HasSubstr("              model = \"veo\", seconds = \"4\", size = \"1280x720\"\n         "
                              "     note: the image is "));
}

TEST_F(CheckPairs, EveryOtherStateIsSaid) {
  folder.write("half1.txt", "x");
  folder.write("half2.png", "x");
  write_pair("two");
  folder.write("two.jpg", "x");
  write_pair("done");
  folder.write("done.job.json", "{}");
  write_pair("empty", "");
  write_pair("cut");
  folder.write("cut.png", test::make_png(640, 480, 5000).substr(0, 4000));
  write_pair("junk");
  folder.write("junk.png", "this is no image, and will never be one");
  write_pair(std::string(250, 'n'));
  const std::string said = check();
  EXPECT_THAT(said, HasSubstr("half          half1: half1.txt has no image\n"));
  EXPECT_THAT(said, HasSubstr("half          half2: half2.png has no prompt\n"));
  EXPECT_THAT(said, HasSubstr("ambiguous     two: two.txt, two.jpg, two.png\n"));
  EXPECT_THAT(said, HasSubstr("finished      done: done.job.json\n"));
  EXPECT_THAT(said, HasSubstr("incomplete    empty: empty.txt is empty\n"));
  EXPECT_THAT(said, HasSubstr("incomplete    cut: cut.png: "));
  EXPECT_THAT(said, HasSubstr("bad           junk: junk.png: "));
  EXPECT_THAT(said, HasSubstr(": the name is too long for its results' names; make it shorter\n"));
  EXPECT_THAT(
      said,
      HasSubstr("pairs         2 half, 1 ambiguous, 2 incomplete, 2 bad, 1 finished; nothing was sent\n"));
}

TEST_F(CheckPairs, ALinkOrAPipeIsBad) {
  write_pair("link");
  std::filesystem::rename(folder / "link.png", folder / "elsewhere");
  std::filesystem::create_symlink("elsewhere", folder / "link.png");
  write_pair("pipe");
  std::filesystem::remove(folder / "pipe.txt");
  ASSERT_EQ(::mkfifo((folder / "pipe.txt").c_str(), 0600), 0);
  const std::string said = check();
  EXPECT_THAT(said, HasSubstr("bad           link: open link.png: "));
  EXPECT_THAT(said, HasSubstr("bad           pipe: open pipe.txt: not a regular file\n"));
}

TEST_F(CheckPairs, AWrongPromptOrParameterIsBad) {
  write_pair("scene1", "+++\nmodel = \n+++\na cat\n");
  EXPECT_THAT(check(), StartsWith("bad           scene1: scene1.txt: "));
  write_pair("scene1");
  folder.write("reeld.toml", "\nsize = []\n");
  EXPECT_THAT(check(), StartsWith("bad           scene1: reeld.toml:2: size: "));
}

TEST_F(CheckPairs, AFileThatIsBeingWrittenIsIncomplete) {
  write_pair("scene1");
  std::ofstream writer(folder / "scene1.png", std::ios::binary | std::ios::app);
  EXPECT_THAT(check(), StartsWith("incomplete    scene1: scene1.png is being written\n"));
}

TEST_F(CheckPairs, SubFoldersCountUnlessTheyDoNot) {
  folder.make_folder("a/b");
  folder.make_folder(".hidden");
  write_pair("a/b/scene1");
  write_pair(".hidden/scene2");
  EXPECT_THAT(check(), StartsWith("ready         a/b/scene1\n"));
  EXPECT_THAT(check(), Not(HasSubstr("scene2")));
  settings.spool.recursive = false;
  EXPECT_EQ(check(), "pairs         none\n");
}

TEST_F(CheckPairs, NamesAndValuesCannotBreakTheLine) {
  write_pair("a\nready         b", "+++\nmodel = \"x\\u001b[31m\\n\"\n+++\na cat\n");
  const std::string said = check();
  EXPECT_THAT(said, StartsWith("ready         a\\nready         b\n"));
  EXPECT_THAT(said, HasSubstr("model = \"x\\x1b[31m\\n\""));
}

TEST_F(CheckPairs, WhatTheLedgerKnowsIsNotReady) {
  write_pair("bought");
  write_pair("new");
  LedgerStore store(":memory:");
  IntentRecord intent;
  intent.token = "1-1";
  intent.job = {"", "bought"};
  intent.prompt_name = "bought.txt";
  intent.image_name = "bought.png";
  intent.pair = identify_pair("bought");
  intent.digests = test::digest_pair(folder.fd(), "bought", store.reader().digest_seed());
  store.add_intent(intent);
  known = KnownPairs(&store.reader(), folder.fd());
  EXPECT_THAT(check(),
              StartsWith("known         bought: intended; it is being sent, or reeld ended before its "
                         "answer came\nready         new\n"));
  EndRecord end;
  end.token = "1-1";
  end.verdict = Verdict::accepted;
  store.end_attempt(end);
  EXPECT_THAT(check(), StartsWith("known         bought: accepted; nothing is sent\nready         new\n"));
  EXPECT_THAT(check(), HasSubstr("pairs         1 ready, 1 known; nothing was sent\n"));
}

}  // namespace
}  // namespace reeld
