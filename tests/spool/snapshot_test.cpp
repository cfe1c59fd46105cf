#include "spool/snapshot.hpp"

#include <gmock/gmock.h>

#include "support/fd_limit.hpp"
#include "support/pair_folder.hpp"

namespace reeld {
namespace {

using ::testing::HasSubstr;

class SnapshotTest : public PairFolder {
 protected:
  SpoolSettings spool_;
  std::string image_field_ = "input_reference";
  JobFields base_{{"model", "sora-2"}, {"seconds", "10"}};

  SnapshotResult take(const ReadyPair& pair) {
    return take_snapshot(fd_.get(), pair, base_, spool_, image_field_, 0);
  }
  std::string refusal_of(const ReadyPair& pair) {
    const SnapshotResult result = take(pair);
    const auto* const refusal = std::get_if<SnapshotRefusal>(&result);
    return refusal == nullptr ? "(not refused)" : refusal->reason;
  }
};

TEST_F(SnapshotTest, HoldsPromptParametersAndImage) {
  const ReadyPair pair = make_pair("a", "scene", "+++\nseconds = 4\nextra = true\n+++\nA cow dances.\n");
  const SnapshotResult result = take(pair);
  const auto& snapshot = std::get<Snapshot>(result);
  EXPECT_EQ(snapshot.prompt, "A cow dances.");
  EXPECT_EQ(snapshot.fields, (JobFields{{"model", "sora-2"}, {"seconds", "4"}, {"extra", "true"}}));
  EXPECT_EQ(snapshot.image.width, 640U);
  EXPECT_EQ(snapshot.image_file.identity, pair.identity.image);
}

TEST_F(SnapshotTest, TheNearestFolderFileWinsAndFrontMatterWinsOverAll) {
  write("reeld.toml", "model = \"far\"\nseconds = 1\nsize = \"1x1\"\n");
  write("a/b/reeld.toml", "model = \"near\"\nseconds = 2\n");
  const ReadyPair pair = make_pair("a/b", "scene", "+++\nseconds = 3\n+++\nhello");
  const SnapshotResult result = take(pair);
  EXPECT_EQ(std::get<Snapshot>(result).fields,
            (JobFields{{"model", "near"}, {"seconds", "3"}, {"size", "1x1"}}));
}

TEST_F(SnapshotTest, BadTomlInAFolderNamesFileAndLine) {
  write("a/reeld.toml", "model = \"x\"\nseconds = [1]\n");
  EXPECT_THAT(refusal_of(make_pair("a", "scene", "hello")), HasSubstr("a/reeld.toml:2"));
}

TEST_F(SnapshotTest, TheImagesFieldIsNoParameter) {
  image_field_ = "image";
  EXPECT_THAT(refusal_of(make_pair("", "front", "+++\nimage = \"x\"\n+++\nhello")),
              HasSubstr("front.txt: line 2: image: "));
  write("a/reeld.toml", "image = \"x\"\n");
  EXPECT_THAT(refusal_of(make_pair("a", "folder", "hello")), HasSubstr("a/reeld.toml:1: image: "));
}

TEST_F(SnapshotTest, WhatCannotBeOpenedForAMomentIsTriedAgain) {
  write("reeld.toml", "model = \"x\"\n");
  const ReadyPair pair = make_pair("", "scene", "hello");
  EXPECT_TRUE(std::holds_alternative<Snapshot>(take(pair)))
      << "the sanitizer's first looks need descriptors too";
  for (const int files : {0, 1, 2, 3}) {  // folder, prompt, image, reeld.toml
    const FdLimit limit(files);
    EXPECT_TRUE(std::holds_alternative<SnapshotFailure>(take(pair))) << files;
  }
  EXPECT_TRUE(std::holds_alternative<Snapshot>(take(pair)));
}

TEST_F(SnapshotTest, APairWhoseParameterFileCannotBeReadStartsOver) {
  std::filesystem::create_directories(path_ / "a/reeld.toml");
  const SnapshotResult taken = take(make_pair("a", "scene", "hello"));
  const auto* const stale = std::get_if<SnapshotStale>(&taken);
  ASSERT_NE(stale, nullptr) << "intake has it wait, and says so";
  EXPECT_THAT(stale->reason, HasSubstr("a/reeld.toml"));
}

TEST_F(SnapshotTest, WhatIsTooLargeIsRefusedWithBothFigures) {
  spool_.max_prompt = Bytes{10};
  EXPECT_THAT(refusal_of(make_pair("", "p", "more than ten bytes")), HasSubstr("max_prompt"));
  spool_ = {};
  spool_.max_image = Bytes{1024};
  EXPECT_EQ(refusal_of(make_pair("", "i", "hello")), "i.png is 5 KiB, over max_image (1 KiB)");
}

TEST_F(SnapshotTest, AFileThatChangedSinceIsStale) {
  const ReadyPair pair = make_pair("", "scene", "hello");
  write("scene.txt", "hello, changed");
  EXPECT_TRUE(std::holds_alternative<SnapshotStale>(take(pair)));
}

TEST_F(SnapshotTest, AFileThatIsGoneIsStale) {
  const ReadyPair pair = make_pair("", "scene", "hello");
  std::filesystem::remove(path_ / "scene.png");
  EXPECT_TRUE(std::holds_alternative<SnapshotStale>(take(pair)));
}

TEST_F(SnapshotTest, ALinkIsRefused) {
  make_pair("", "real", "hello");
  write("linked.txt", "hello");
  std::filesystem::create_symlink("real.png", path_ / "linked.png");
  EXPECT_THAT(refusal_of(found_pair("", "linked")), HasSubstr("linked.png"));
}

TEST_F(SnapshotTest, ATruncatedImageIsNeverSent) {
  write("cut.txt", "hello");
  write("cut.png", test::make_png(64, 64, 5000).substr(0, 4000));
  EXPECT_TRUE(std::holds_alternative<SnapshotStale>(take(found_pair("", "cut"))));
}

TEST_F(SnapshotTest, PixelsAreComparedWhereSizeIsInPixels) {
  base_.push_back({"size", "1280x720"});
  const ReadyPair pair = make_pair("", "scene", "hello");
  const SnapshotResult noted = take(pair);
  EXPECT_THAT(std::get<Snapshot>(noted).size_note, HasSubstr("640x480"));
  spool_.image_size = ImageSizePolicy::refuse;
  EXPECT_THAT(refusal_of(pair), HasSubstr("1280x720"));
  spool_.image_size = ImageSizePolicy::off;
  const SnapshotResult quiet = take(pair);
  EXPECT_EQ(std::get<Snapshot>(quiet).size_note, "");
  base_.back().value = "16x9";
  spool_.image_size = ImageSizePolicy::refuse;
  const SnapshotResult ratio = take(pair);
  EXPECT_TRUE(std::holds_alternative<Snapshot>(ratio)) << "a ratio is not a size in pixels";
}

}  // namespace
}  // namespace reeld
