#include "codec/front_matter.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(FindYaml, TakesWhatStandsBetweenTheFences) {
  EXPECT_EQ(find_yaml("---\nseconds: 8\n---\na cow"), "seconds: 8\n");
  EXPECT_EQ(find_yaml("---\r\nseconds: 8\r\n---\r\na cow\r\n"), "seconds: 8\r\n");
  EXPECT_EQ(find_yaml("--- \t\nseconds: 8\n...  \na cow"), "seconds: 8\n");
  EXPECT_EQ(find_yaml("---\n---"), "");
  EXPECT_EQ(find_yaml("---\na: 1\n---\nb\n---\n"), "a: 1\n");
}

TEST(FindYaml, LeavesOrdinaryPromptsAlone) {
  for (const char* const text :
       {"", "---", "---\n", "---\na cow\n", "----\na\n----\n", " ---\na\n---\n", "a\n---\nb\n---\n",
        "--- a\n---\n", "---\na cow ---\n", "---\na\n ---\n", "-- -\na\n---"})
    EXPECT_EQ(find_yaml(text), std::nullopt) << text;
}

TEST(FindYaml, MayLackItsEnd) {
  EXPECT_EQ(find_yaml("---\nseconds: 25\na cow\n"), "seconds: 25\na cow\n");
  EXPECT_EQ(find_yaml("---\na cow: 25\n"), std::nullopt);
}

/// Each is front matter to whoever wrote it.
TEST(SplitFrontMatter, DoesNotCountWhatNobodySees) {
  for (const std::string text : {"\n+++\nseconds = 8\n+++\na cow", " \t\n+++\nseconds = 8\n+++\na cow",
                                 "\xEF\xBB\xBF\n+++\nseconds = 8\n+++\na cow"}) {
    const auto parts = split_front_matter(text);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->front_matter, "\nseconds = 8\n") << "with its line's number";
    EXPECT_EQ(parts->rest, "a cow");
  }
  for (const std::string text :
       {"\xEF\xBB\xBF+++\nseconds = 8\n+++\na cow", "\xE2\x80\x8B+++\nseconds = 8\n+++\na cow",
        "+++\xC2\xA0\nseconds = 8\n+++\xC2\xA0\na cow", "+++\rseconds = 8\r+++\ra cow",
        "+++ \r\nseconds = 8\r\n+++\t\r\na cow"}) {
    const auto parts = split_front_matter(text);
    ASSERT_TRUE(parts);
    EXPECT_EQ(parts->front_matter, "seconds = 8\n");
    EXPECT_EQ(parts->rest, "a cow");
  }
  EXPECT_EQ(find_yaml("\n---\rseconds: 8\r---\ra cow"), "seconds: 8\r");
}

TEST(SplitFrontMatter, LeavesOrdinaryPromptsAlone) {
  for (const char* const text : {"", "\n", "a cow", "++++\na\n++++\n", " +++\na\n+++\n", "a +++\nb\n+++\n",
                                 "+++ epic +++\na\n", "a\n+++\nb\n+++\n"}) {
    const auto parts = split_front_matter(text);
    ASSERT_TRUE(parts) << text;
    EXPECT_EQ(parts->front_matter, "") << text;
    EXPECT_EQ(parts->rest, text);
  }
}

TEST(DescribeTomlFor, TranslatesWhatIsSimple) {
  const std::string text =
      describe_toml_for("model: sora-2\r\nseconds: 8\nsize: \"9x16\"\nwatermark: false\nprivate: 'no'\n");
  EXPECT_EQ(text,
            "a line +++, a line model = \"sora-2\", a line seconds = 8, a line size = \"9x16\", a line "
            "watermark = false, a "
            "line private = \"no\", a line +++, and the prompt below");
  EXPECT_THAT(describe_toml_for("seconds: \"08\"\n"), HasSubstr("seconds = \"08\""));
  EXPECT_THAT(describe_toml_for("seconds: 08\n"), HasSubstr("seconds = \"08\""));
}

TEST(DescribeTomlFor, TellsNothingOfThePrompt) {
  const std::string text = describe_toml_for(
      "prompt: dancing\ntitle: secret\nmodel: a whole sentence\n- hidden: 1\ndancing cow\n");
  EXPECT_THAT(text, HasSubstr("model = \"...\""));
  for (const char* const word : {"dancing", "secret", "sentence", "hidden"})
    EXPECT_THAT(text, Not(HasSubstr(word)));
  EXPECT_THAT(describe_toml_for("a scene\n"), HasSubstr("a line seconds = 10, a line size = \"16x9\""));
}

TEST(HasOddFence, TellsFrontMatterWhoseFirstLineIsMoreThanTheFence) {
  for (const char* const text :
       {"+++ toml\nseconds = 8\n+++\na cow", "+++toml\r\nseconds=8\r\n+++\r\na cow",
        "\n\uFF0B\uFF0B\uFF0B\nseconds = 8\n\uFF0B\uFF0B\uFF0B\na cow", "+++.\n model = \"x\"\n"})
    EXPECT_TRUE(has_odd_fence(text)) << text;
  for (const char* const text : {"", "+++", "+++\nseconds = 8\n+++\na cow", "+++ epic +++\na cow = good",
                                 "++++\nseconds = 8", "seconds = 8", "a cow\nseconds = 8"})
    EXPECT_FALSE(has_odd_fence(text)) << text;
}

}  // namespace
}  // namespace reeld
