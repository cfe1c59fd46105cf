#include "codec/prompt.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::StartsWith;

PromptFile read_text(std::string_view bytes) {
  const PromptResult result = read_prompt(bytes, "input_reference");
  if (const auto* refusal = std::get_if<PromptRefusal>(&result)) ADD_FAILURE() << refusal->reason;
  const auto* file = std::get_if<PromptFile>(&result);
  return file == nullptr ? PromptFile{} : *file;
}

std::string refuse_text(std::string_view bytes) {
  const PromptResult result = read_prompt(bytes, "input_reference");
  const auto* refusal = std::get_if<PromptRefusal>(&result);
  EXPECT_NE(refusal, nullptr) << "accepted: " << testing::PrintToString(bytes);
  return refusal == nullptr ? "" : refusal->reason;
}

TEST(ReadPrompt, RefusesTheImagesFieldWhateverItsName) {
  constexpr std::string_view bytes = "+++\nimage = 'x.png'\n+++\na cow";
  EXPECT_EQ(read_text(bytes).fields, (JobFields{{"image", "x.png"}}));
  const PromptResult result = read_prompt(bytes, "image");
  ASSERT_TRUE(std::holds_alternative<PromptRefusal>(result));
  EXPECT_THAT(std::get<PromptRefusal>(result).reason, StartsWith("line 2: image: the image is "));
}

TEST(ReadPrompt, RefusesFrontMatterThatIsTooLong) {
  const std::string bytes = "+++\na" + std::string(9000, '.') + "\n" + std::string(9000, '\n') + "+++\na cow";
  EXPECT_THAT(refuse_text(bytes), HasSubstr("more than 16 KiB of parameters"));
}

struct TextCase {
  std::string_view bytes;
  std::string_view prompt;
};

class PromptText : public testing::TestWithParam<TextCase> {};

TEST_P(PromptText, IsTheRestExactly) {
  const PromptFile file = read_text(GetParam().bytes);
  EXPECT_EQ(file.prompt, GetParam().prompt);
  EXPECT_TRUE(file.fields.empty());
}

INSTANTIATE_TEST_SUITE_P(Plain, PromptText,
                         testing::Values(TextCase{"a cow dances", "a cow dances"}, TextCase{"one\n", "one"},
                                         TextCase{"one\r\n", "one"}, TextCase{"one\n\n", "one\n"},
                                         TextCase{"one\r\n\r\n", "one\r\n"}, TextCase{"one\r", "one\r"},
                                         TextCase{"a\r\nb\r\n", "a\r\nb"},
                                         TextCase{"  spaced  \n", "  spaced  "},
                                         TextCase{"\xEF\xBB\xBFtext\n", "text"},
                                         TextCase{"\xEF\xBB\xBF\xEF\xBB\xBFx", "\xEF\xBB\xBFx"},
                                         TextCase{"++++\nx", "++++\nx"}, TextCase{"+++ a\nx", "+++ a\nx"},
                                         TextCase{" +++\nx\n+++\n", " +++\nx\n+++"},
                                         TextCase{"x\n+++\na = 1\n+++", "x\n+++\na = 1\n+++"},
                                         TextCase{"---\na cow\n", "---\na cow"},
                                         TextCase{"\n---\na: 1\n---\n", "\n---\na: 1\n---"},
                                         TextCase{"\xE2\x80\x8B x\n", "\xE2\x80\x8B x"},
                                         TextCase{"让牛快乐的跳科目三\n", "让牛快乐的跳科目三"}));

TEST(PromptFrontMatter, BecomesFields) {
  const PromptFile file = read_text("+++\nseconds = 4\nsize = '9x16'\n+++\na cow\n");
  EXPECT_EQ(file.fields, (JobFields{{"seconds", "4"}, {"size", "9x16"}}));
  EXPECT_EQ(file.prompt, "a cow");
}

TEST(PromptFrontMatter, TakesWindowsLineEnds) {
  const PromptFile file = read_text("\xEF\xBB\xBF+++\r\nseconds = 4\r\n+++\r\na\r\ncow\r\n");
  EXPECT_EQ(file.fields, (JobFields{{"seconds", "4"}}));
  EXPECT_EQ(file.prompt, "a\r\ncow");
}

TEST(PromptFrontMatter, TakesBlanksAfterItsFences) {
  const PromptFile file = read_text("+++ \nseconds = 4\n+++\t \na cow\n");
  EXPECT_EQ(file.fields, (JobFields{{"seconds", "4"}}));
  EXPECT_EQ(file.prompt, "a cow");
}

TEST(PromptFrontMatter, MayBeEmpty) {
  EXPECT_EQ(read_text("+++\n+++\ntext").prompt, "text");
  EXPECT_TRUE(read_text("+++\r\n+++\r\ntext").fields.empty());
}

TEST(PromptFrontMatter, EndsAtTheFirstFence) {
  EXPECT_EQ(read_text("+++\na = 1\n+++\nb\n+++\nc").prompt, "b\n+++\nc");
  EXPECT_EQ(read_text("+++\na = 1\n+++\n\ntext\n").prompt, "\ntext");
}

TEST(PromptFrontMatter, NeedsAnEnd) {
  for (const std::string_view bytes :
       {"+++"sv, "+++\n"sv, "+++\na = 1\ntext"sv, "+++\r\na = 1\r\n ++\r\n"sv, "+++\na = 1\n++++\n"sv}) {
    EXPECT_THAT(refuse_text(bytes), StartsWith("line 1: "));
  }
}

TEST(PromptFrontMatter, ComplainsWithTheFilesOwnLines) {
  EXPECT_THAT(refuse_text("+++\nmodel = 'a'\nsize = 16x9\n+++\ntext"), StartsWith("line 3: "));
  EXPECT_THAT(refuse_text("+++\r\nmodel = 'a'\r\nsize = 16x9\r\n+++\r\ntext"), StartsWith("line 3: "));
  EXPECT_THAT(refuse_text("+++\nsizes = [1]\n+++\ntext"), StartsWith("line 2: sizes: an array"));
  EXPECT_THAT(refuse_text("+++\nprompt = 'x'\n+++\ntext"), StartsWith("line 2: prompt: "));
}

TEST(PromptFrontMatter, IsNotSentWhereItsFirstLineIsMoreThanTheFence) {
  EXPECT_EQ(refuse_text("+++ toml\nseconds = 8\n+++\na cow"),
            "line 1: front matter begins and ends with a line +++ that has nothing else in it");
}

TEST(PromptLength, IsOneToTheLimit) {
  EXPECT_EQ(refuse_text(""), "the prompt is empty");
  EXPECT_EQ(refuse_text("\n"), "the prompt is empty");
  EXPECT_EQ(refuse_text("\r\n"), "the prompt is empty");
  EXPECT_EQ(refuse_text("\xEF\xBB\xBF"), "the prompt is empty");
  EXPECT_THAT(refuse_text("+++\na = 1\n+++\n"), HasSubstr("nothing stands below the front matter"));
  EXPECT_THAT(refuse_text("+++\na = 1\n+++"), HasSubstr("nothing stands below the front matter"));
}

TEST(PromptLength, CountsWhatCanBeSeen) {
  EXPECT_EQ(refuse_text("\n\n \t\n"), "the prompt is empty: it has nothing but blanks and line ends");
  EXPECT_THAT(refuse_text("\u00A0\n\u200B\u3000\n"), HasSubstr("(U+00A0, U+200B, U+3000)"));
  EXPECT_THAT(refuse_text("\uFEFF\uFEFF"), HasSubstr("(U+FEFF)"));
  EXPECT_THAT(refuse_text("\uFFFD\uFFFD"), HasSubstr("(U+FFFD)"));
  EXPECT_THAT(refuse_text("+++\na = 1\n+++\n \n"), StartsWith("the prompt is empty"));
}

TEST(PromptFrontMatter, IsNotSentWhereItIsYaml) {
  for (const std::string_view bytes :
       {"---\nseconds: 8\n---\na cow\n"sv, "\xEF\xBB\xBF---\r\nseconds: 8\r\n...\r\na cow"sv}) {
    const std::string reason = refuse_text(bytes);
    EXPECT_THAT(reason, StartsWith("line 1: "));
    EXPECT_THAT(reason, HasSubstr("a line +++, a line seconds = 8, a line +++"));
  }
}

TEST(PromptLength, IsCountedInCharacters) {
  std::string text;
  for (std::size_t i = 0; i < max_prompt_characters; ++i) text += "牛";
  EXPECT_EQ(read_text(text + "\n").prompt, text);
  EXPECT_THAT(refuse_text(text + "x"), HasSubstr("32001 characters"));
}

TEST(PromptEncoding, IsNamedWhereItIsNotUtf8) {
  EXPECT_THAT(refuse_text("\xFF\xFEh\0i\0"sv), HasSubstr("UTF-16"));
  EXPECT_THAT(refuse_text("\xFE\xFF\0h\0i"sv), HasSubstr("UTF-16"));
  EXPECT_THAT(refuse_text("h\0i\0"sv), HasSubstr("UTF-16"));
  EXPECT_THAT(refuse_text("one\ncaf\xE9\n"), StartsWith("line 2: "));
}

}  // namespace
}  // namespace reeld
