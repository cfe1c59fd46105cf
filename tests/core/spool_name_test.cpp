#include "core/spool_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace reeld {
namespace {

struct NameCase {
  std::string_view name;
  NameKind kind;
  std::string_view stem;
};

class ClassifyName : public testing::TestWithParam<NameCase> {};

TEST_P(ClassifyName, TellsKindAndStem) {
  const auto found = classify_name(GetParam().name);
  EXPECT_EQ(found.kind, GetParam().kind) << GetParam().name;
  EXPECT_EQ(found.stem, GetParam().stem) << GetParam().name;
}

INSTANTIATE_TEST_SUITE_P(
    Table, ClassifyName,
    testing::Values(NameCase{"a.txt", NameKind::prompt, "a"}, NameCase{"a.TxT", NameKind::prompt, "a"},
                    NameCase{"a.png", NameKind::image, "a"}, NameCase{"a.JPG", NameKind::image, "a"},
                    NameCase{"a.jpeg", NameKind::image, "a"}, NameCase{"a.Webp", NameKind::image, "a"},
                    NameCase{"a.jpe", NameKind::image, "a"}, NameCase{"a.JFIF", NameKind::image, "a"},
                    NameCase{"a.jfi", NameKind::other, ""}, NameCase{"a.heic", NameKind::other, ""},
                    NameCase{"a.b.txt", NameKind::prompt, "a.b"},
                    NameCase{"a\n\"\xff.txt", NameKind::prompt, "a\n\"\xff"},
                    NameCase{"a.job.json", NameKind::job_result, "a"},
                    NameCase{"a.error.json", NameKind::error_result, "a"},
                    NameCase{"a.doubt.json", NameKind::doubt_result, "a"},
                    NameCase{"a.b.job.json", NameKind::job_result, "a.b"},
                    NameCase{"reeld.toml", NameKind::folder_settings, ""},
                    NameCase{"Reeld.toml", NameKind::other, ""}, NameCase{"a.json", NameKind::other, ""},
                    NameCase{"a.JOB.json", NameKind::other, ""}, NameCase{".txt", NameKind::other, ""},
                    NameCase{".a.txt", NameKind::other, ""}, NameCase{".job.json", NameKind::other, ""},
                    NameCase{"a.txt.part", NameKind::other, ""}, NameCase{"txt", NameKind::other, ""},
                    NameCase{"a.gif", NameKind::other, ""}, NameCase{"a.", NameKind::other, ""},
                    NameCase{"", NameKind::other, ""}));

TEST(ResultNames, AreReadBackAsWhatTheyAre) {
  EXPECT_EQ(classify_name(job_result_name("s")).kind, NameKind::job_result);
  EXPECT_EQ(classify_name(error_result_name("s")).kind, NameKind::error_result);
  EXPECT_EQ(classify_name(doubt_result_name("s")).kind, NameKind::doubt_result);
  EXPECT_THAT(result_names("s"), testing::ElementsAre("s.job.json", "s.error.json", "s.doubt.json"));
}

TEST(PossibleInputNames, AreEveryMixtureOfCaseOnce) {
  const auto names = possible_input_names("s");
  EXPECT_EQ(names.size(), 8u + 8u + 8u + 16u + 8u + 16u + 16u);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  for (const auto& name : names) {
    EXPECT_TRUE(is_input(classify_name(name).kind)) << name;
    EXPECT_EQ(classify_name(name).stem, "s");
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"s.txt", "s.TXT", "s.jpeg", "s.JpEg"}));
}

TEST(UsualInputNames, AreThoseInLowerCase) {
  const auto names = usual_input_names("S.T");
  EXPECT_THAT(names, testing::ElementsAre("S.T.txt", "S.T.png", "S.T.jpg", "S.T.jpeg", "S.T.jpe", "S.T.jfif",
                                          "S.T.webp"));
  for (const auto& name : possible_input_names("S.T"))
    EXPECT_EQ(is_usual_input_name(name), std::count(names.begin(), names.end(), name) == 1) << name;
}

TEST(IsNameable, LeavesRoomForTheLongestResult) {
  EXPECT_TRUE(is_nameable(std::string(244, 'x')));
  EXPECT_FALSE(is_nameable(std::string(245, 'x')));
}

TEST(IsInputFolder, LeavesHiddenFoldersAndWaysOutAlone) {
  for (const char* const path : {"", "a", "a/b c/d.e", "a\nb"}) EXPECT_TRUE(is_input_folder(path)) << path;
  for (const char* const path : {".", "..", "a/..", "../a", "/a", "a/", "a//b", ".reeld", "a/.b/c"})
    EXPECT_FALSE(is_input_folder(path)) << path;
}

TEST(IsInputStem, IsOneName) {
  EXPECT_TRUE(is_input_stem("a.b\n"));
  for (const char* const stem : {"", ".", ".a", "a/b"}) EXPECT_FALSE(is_input_stem(stem)) << stem;
}

TEST(ReplacedNames, AreHiddenAndFit) {
  EXPECT_EQ(replaced_name("s.job.json", "20261122T101112Z"), ".s.job.json.replaced-20261122T101112Z");
  const std::string longest = replaced_name(std::string(255, 'x'), "20261122T101112Z");
  EXPECT_EQ(longest.size(), 255U);
  EXPECT_TRUE(longest.ends_with("x.replaced-20261122T101112Z"));
  EXPECT_EQ(classify_name(longest).kind, NameKind::other);
}

TEST(TemporaryNames, AreHiddenAndRecognised) {
  const auto name = temporary_name(0xabcdef);
  EXPECT_TRUE(is_temporary_name(name));
  EXPECT_TRUE(is_hidden_name(name));
  EXPECT_NE(name, temporary_name(1));
  EXPECT_FALSE(is_temporary_name("reeld-tmp-1"));
}

TEST(Paths, AreJoinedAndCompared) {
  EXPECT_EQ(join_path("", "a"), "a");
  EXPECT_EQ(join_path("f", "a"), "f/a");
  EXPECT_EQ(join_path("f", ""), "f");
  EXPECT_TRUE(is_within("a/b", "a"));
  EXPECT_TRUE(is_within("a", "a"));
  EXPECT_TRUE(is_within("anything", ""));
  EXPECT_FALSE(is_within("ab", "a"));
  EXPECT_FALSE(is_within("", "a"));
}

}  // namespace
}  // namespace reeld
