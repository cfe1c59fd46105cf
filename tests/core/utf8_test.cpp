#include "core/utf8.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view replacement = "\xEF\xBF\xBD";

TEST(CountCharacters, CountsCodePoints) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("abc"), 3U);
  EXPECT_EQ(count_characters("a\0b"sv), 3U);
  EXPECT_EQ(count_characters("é"), 1U);
  EXPECT_EQ(count_characters("让牛快乐"), 4U);
  EXPECT_EQ(count_characters("🐄!"), 2U);
}

TEST(CountCharacters, KnowsTheEdgesOfEachLength) {
  for (const std::string_view text :
       {"\x7F"sv, "\xC2\x80"sv, "\xDF\xBF"sv, "\xE0\xA0\x80"sv, "\xED\x9F\xBF"sv, "\xEE\x80\x80"sv,
        "\xEF\xBF\xBF"sv, "\xF0\x90\x80\x80"sv, "\xF4\x8F\xBF\xBF"sv}) {
    EXPECT_EQ(count_characters(text), 1U) << testing::PrintToString(text);
  }
}

TEST(CountCharacters, RefusesWhatIsNotUtf8) {
  for (const std::string_view text : {
           "\x80"sv,              // a continuation alone
           "\xC0\x80"sv,          // overlong forms
           "\xC1\xBF"sv,          //
           "\xE0\x9F\xBF"sv,      //
           "\xF0\x8F\xBF\xBF"sv,  //
           "\xED\xA0\x80"sv,      // surrogates
           "\xED\xBF\xBF"sv,      //
           "\xF4\x90\x80\x80"sv,  // over U+10FFFF
           "\xF5\x80\x80\x80"sv,  //
           "\xFF"sv,              //
           "a\xE8\xAE"sv,         // cut
           "\xE8\xAE"
           "a"sv,
           "\xF0\x9F\x90"
           "a"sv,
       }) {
    EXPECT_EQ(count_characters(text), std::nullopt) << testing::PrintToString(text);
  }
}

TEST(FindInvalidUtf8, NamesTheFirstBadByte) {
  EXPECT_EQ(find_invalid_utf8("让"), std::string_view::npos);
  EXPECT_EQ(find_invalid_utf8("ab\xFF\xFE"), 2U);
  EXPECT_EQ(find_invalid_utf8("让\xE8"), 3U);
}

TEST(ToValidUtf8, KeepsWhatIsValid) {
  EXPECT_EQ(to_valid_utf8("让牛 é 🐄"), "让牛 é 🐄");
}

TEST(ToValidUtf8, ReplacesEachBadByte) {
  EXPECT_EQ(to_valid_utf8("a\xFFz"), "a" + std::string(replacement) + "z");
  EXPECT_EQ(to_valid_utf8("\xE8\xAE"), std::string(replacement) + std::string(replacement));
  EXPECT_TRUE(count_characters(to_valid_utf8("\xED\xA0\x80\xC0")).has_value());
}

TEST(FindCharacter, CountsFromTheFirst) {
  EXPECT_EQ(find_character("a\xE8\xA7\x86z", 0), 0U);
  EXPECT_EQ(find_character("a\xE8\xA7\x86z", 1), 1U);
  EXPECT_EQ(find_character("a\xE8\xA7\x86z", 2), 4U);
  EXPECT_EQ(find_character("a\xE8\xA7\x86z", 3), 5U) << "it has no more";
  EXPECT_EQ(find_character("", 0), 0U);
}

}  // namespace
}  // namespace reeld
