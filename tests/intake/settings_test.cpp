// Pairs that wait for a reeld.toml that can be read; and what of a pair's fields is said.

#include <gmock/gmock.h>

#include <filesystem>

#include "intake/intake_world.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class IntakeOfSettings : public IntakeWorld {
 protected:
  IntakeOfSettings() { options_.quiet = milliseconds(20); }

  bool run_until_waiting(std::size_t pairs) {
    return run_until([&, pairs] { return intake_->counts().misconfigured == pairs; });
  }
  /// As editors save: beside, and renamed into place.
  void save(const std::string& path, std::string_view text) {
    folder_.write(path + ".new", text);
    std::filesystem::rename(folder_ / (path + ".new"), folder_ / path);
  }
};

TEST_F(IntakeOfSettings, NothingIsReadyWhileAFoldersFileIsNoToml) {
  folder_.make_folder("film");
  folder_.write("film/reeld.toml", "model = \"half");
  start();
  write_pair("film/one");
  write_pair("film/two");
  write_pair("top");
  ASSERT_TRUE(run_until_waiting(2));
  ASSERT_TRUE(run_until([&] { return log_.count("folder.misconfigured") == 1; }));
  EXPECT_THAT(log_.texts("folder.misconfigured"), HasSubstr("film|film/reeld.toml:1: "));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("top"));
  EXPECT_TRUE(listener_.bad.empty());
  EXPECT_EQ(intake_->counts().misconfigured_folders, 1u);
  save("film/reeld.toml", "model = \"whole\"\n");
  ASSERT_TRUE(run_until_ready(3));
  EXPECT_THAT(listener_.ready_names(), UnorderedElementsAre("top", "film/one", "film/two"));
  EXPECT_EQ(intake_->counts().misconfigured, 0u);
  EXPECT_EQ(intake_->counts().misconfigured_folders, 0u);
  EXPECT_EQ(log_.count("folder.misconfigured"), 1);
}

TEST_F(IntakeOfSettings, TheFileOfAFolderAboveCountsToo) {
  folder_.make_folder("a/b");
  folder_.write("reeld.toml", "half =");
  folder_.write("a/reeld.toml", "half of =");
  start();
  write_pair("a/b/deep");
  write_pair("top");
  ASSERT_TRUE(run_until_waiting(2));
  ASSERT_TRUE(run_until([&] { return log_.count("folder.misconfigured") == 1; }));
  save("reeld.toml", "whole = 1\n");
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_THAT(listener_.ready_names(), ElementsAre("top"));
  ASSERT_TRUE(run_until([&] { return log_.count("folder.misconfigured") == 2; }));
  save("a/reeld.toml", "whole = 1\n");
  ASSERT_TRUE(run_until_ready(2));
}

TEST_F(IntakeOfSettings, ItIsSaidOnceForEachContent) {
  folder_.write("reeld.toml", "half =");
  start();
  write_pair("one");
  ASSERT_TRUE(run_until([&] { return log_.count("folder.misconfigured") == 1; }));
  save("reeld.toml", "half =");
  ASSERT_TRUE(run_scan());
  write_pair("two");
  ASSERT_TRUE(run_until_waiting(2));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(log_.count("folder.misconfigured"), 1);
  save("reeld.toml", "other half =");
  ASSERT_TRUE(run_until([&] { return log_.count("folder.misconfigured") == 2; }));
  EXPECT_TRUE(listener_.ready.empty());
}

TEST_F(IntakeOfSettings, RemovingItMendsItToo) {
  folder_.write("reeld.toml", "half =");
  start();
  write_pair("one");
  ASSERT_TRUE(run_until_waiting(1));
  std::filesystem::remove(folder_ / "reeld.toml");
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfSettings, AScanFindsThatItWasMendedWhereNoEventTells) {
  options_.polls = true;
  settings_.poll = milliseconds(20);
  folder_.write("reeld.toml", "half =");
  write_pair("one");
  start();
  ASSERT_TRUE(run_until_waiting(1));
  save("reeld.toml", "whole = 1\n");
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfSettings, WhatAScanHasFoundIsStillFoundWhenItIsMended) {
  folder_.write("reeld.toml", "half =");
  write_pair("one");
  write_pair("two");
  start();
  ASSERT_TRUE(run_until_waiting(2));
  write_pair("late");
  ASSERT_TRUE(run_until_waiting(3));
  save("reeld.toml", "whole = 1\n");
  ASSERT_TRUE(run_until_ready(3));
  for (const auto& pair : listener_.ready)
    EXPECT_EQ(pair.is_found, pair.job.stem != "late") << pair.job.text();
}

TEST_F(IntakeOfSettings, OneThatStandsForOthersMayGo) {
  folder_.write("reeld.toml", "half =");
  start();
  write_pair("one");
  write_pair("two");
  ASSERT_TRUE(run_until_waiting(2));
  std::filesystem::remove(folder_ / "one.png");
  ASSERT_TRUE(run_until_waiting(1));
  std::filesystem::remove(folder_ / "two.png");
  ASSERT_TRUE(run_until_waiting(0));
  save("reeld.toml", "half of it =");
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(intake_->counts().misconfigured_folders, 0u);
}

/// An error file says what is wrong: that is the snapshot's to do.
TEST_F(IntakeOfSettings, TomlThatSaysWhatItMustNotIsNoWait) {
  folder_.write("reeld.toml", "model = [1]\n");
  start();
  write_pair("one");
  EXPECT_TRUE(run_until_ready(1));
}

TEST_F(IntakeOfSettings, AFieldThatLooksMistypedIsSaid) {
  FieldRules rules;
  rules.job.push_back({"modle", "m"});
  options_.fields = [kept = std::make_shared<const FieldRules>(rules)] { return kept; };
  folder_.write("reeld.toml", "waterwark = false\n");
  start();
  folder_.write("one.txt", "+++\nsecond = 8\nstyle = \"x\"\n+++\na cow");
  folder_.write("one.png", make_whole_png());
  ASSERT_TRUE(run_until_ready(1));
  EXPECT_EQ(
      log_.texts("pair.ready"),
      "one|modle is sent as it is; did you mean model? waterwark is sent as it is; did you mean watermark? "
      "second is sent as it is; did you mean seconds?|");
}

class IntakeOfOrphans : public IntakeWorld {
 protected:
  IntakeOfOrphans() { settings_.incomplete_after = milliseconds(50); }
};

TEST_F(IntakeOfOrphans, TheNeighbourThatWasMeantIsNamed) {
  folder_.write("photo.txt", "x");
  folder_.write("photo.heic", "x");
  folder_.write("Scene.png", make_whole_png());
  folder_.write("scene.txt", "x");
  start();
  ASSERT_TRUE(run_until([&] { return log_.count("pair.orphan") == 3; }));
  const std::string said = log_.texts("pair.orphan");
  EXPECT_THAT(said, HasSubstr("photo|photo.txt|photo.heic is HEIC, not PNG, JPEG or WebP|"));
  EXPECT_THAT(said, HasSubstr("Scene|Scene.png|scene.txt has the same name in another case|"));
  EXPECT_THAT(said, HasSubstr("scene|scene.txt|Scene.png has the same name in another case|"));
  ASSERT_TRUE(run_scan());
  EXPECT_EQ(log_.count("pair.orphan"), 3);
}

TEST_F(IntakeOfOrphans, OneWithoutANeighbourIsSaidWithoutIt) {
  folder_.write("a.txt", "x");
  start();
  ASSERT_TRUE(run_until([&] { return log_.count("pair.orphan") == 1; }));
  EXPECT_EQ(log_.texts("pair.orphan"), "a|a.txt|");
}

TEST_F(IntakeOfOrphans, LargeFoldersAreNotReadForThat) {
  for (int i = 0; i < 10'001; ++i) folder_.write("n" + std::to_string(i), "");
  folder_.write("a.txt", "x");
  folder_.write("a.heic", "x");
  start();
  ASSERT_TRUE(run_until([&] { return log_.count("pair.orphan") == 1; }));
  EXPECT_EQ(log_.texts("pair.orphan"), "a|a.txt|");
}

}  // namespace
}  // namespace reeld
