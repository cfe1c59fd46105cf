#include "commands/job/job_path.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "commands/command_failure.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JobPathTest : public testing::Test {
 protected:
  JobPathTest() {
    spool_.make_folder(".reeld");
    spool_.write(".reeld/spool", "");
    spool_.make_folder("a/b");
  }

  std::string path(const std::string& name) const { return (spool_ / name).string(); }
  JobName find(const std::string& name) { return find_job_path(path(name), {}).job; }
  std::string complaint(const std::string& full, const std::optional<std::string>& spool = std::nullopt) {
    try {
      find_job_path(full, {spool, "", ""});
    } catch (const CommandFailure& failure) {
      EXPECT_EQ(failure.exit_code, 1);
      return failure.what();
    }
    return "";
  }
  std::string complaint_of(const std::string& stem) {
    try {
      identify_pair(spool_.fd(), {"", stem}, find_stem_files(spool_.fd(), stem));
    } catch (const CommandFailure& failure) {
      return failure.what();
    }
    return "";
  }

  TempFolder spool_;
};

TEST_F(JobPathTest, AnyFileOfAPairNamesIt) {
  const JobName scene{"a/b", "scene"};
  for (const char* const name : {"scene", "scene.txt", "scene.PNG", "scene.webp", "scene.job.json",
                                 "scene.error.json", "scene.doubt.json"}) {
    EXPECT_EQ(find(std::string("a/b/") + name), scene) << name;
  }
  EXPECT_EQ(find("scene.txt"), (JobName{"", "scene"}));
  EXPECT_EQ(find("scene.v2"), (JobName{"", "scene.v2"}));
  EXPECT_EQ(find("a/../s\nt\xff.txt"), (JobName{"", "s\nt\xff"}));
}

TEST_F(JobPathTest, AStemThatLooksLikeAFileIsOneWhereNothingElseIsThere) {
  spool_.write("scene.txt.txt", "a prompt");
  EXPECT_EQ(find("scene.txt"), (JobName{"", "scene.txt"}));
  spool_.write("scene.png", "an image");
  EXPECT_EQ(find("scene.txt"), (JobName{"", "scene"}));
}

TEST_F(JobPathTest, LinksLeadToWhereTheFilesAre) {
  TempFolder elsewhere;
  ASSERT_EQ(::symlink(path("a").c_str(), (elsewhere / "link").c_str()), 0);
  const JobPath found = find_job_path((elsewhere / "link/b/scene").string(), {});
  EXPECT_EQ(found.spool, spool_.path());
  EXPECT_EQ(found.job, (JobName{"a/b", "scene"}));
}

TEST_F(JobPathTest, WhatIsNoPairOfASpoolIsSaid) {
  TempFolder elsewhere;
  EXPECT_THAT(complaint((elsewhere / "scene").string()), HasSubstr("no spool is above it"));
  EXPECT_THAT(complaint(path("nowhere/scene")), HasSubstr("open its folder: No such file"));
  EXPECT_THAT(complaint(path(".reeld/spool")), HasSubstr("does not lie where pairs are looked for"));
  EXPECT_THAT(complaint(path("a/b/")), HasSubstr("is a folder"));
  EXPECT_THAT(complaint(path("reeld.toml")), HasSubstr("is no file of a pair"));
  EXPECT_THAT(complaint(path(".scene.txt")), HasSubstr("is no file of a pair"));
  EXPECT_THAT(complaint((elsewhere / "scene").string(), spool_.path()),
              HasSubstr("does not lie where pairs"));
}

TEST_F(JobPathTest, TheFilesOfAStemAreFound) {
  for (const char* const name : {"s.TXT", "s.Jpeg", "s.job.json", "s.png.bak", "sx.txt", ".s.txt"})
    spool_.write(name, "x");
  const StemFiles files = find_stem_files(spool_.fd(), "s");
  EXPECT_THAT(files.prompts, ElementsAre("s.TXT"));
  EXPECT_THAT(files.images, ElementsAre("s.Jpeg"));
  EXPECT_THAT(files.results, ElementsAre("s.job.json"));
  EXPECT_THAT(find_stem_files(spool_.fd(), "t").prompts, IsEmpty());
}

TEST_F(JobPathTest, APairIsOneOfEach) {
  EXPECT_EQ(complaint_of("s"), "s: there is no such pair");
  spool_.write("s.txt", "x");
  EXPECT_THAT(complaint_of("s"), HasSubstr("a prompt and no image"));
  spool_.write("s.png", "x");
  EXPECT_EQ(complaint_of("s"), "");
  spool_.write("s.jpg", "x");
  EXPECT_THAT(complaint_of("s"), HasSubstr("two prompts or two images"));
}

}  // namespace
}  // namespace reeld
