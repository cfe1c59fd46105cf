#include "codec/invisible.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using testing::ElementsAre;

TEST(IsInvisible, KnowsTheEdgesOfItsRanges) {
  for (const char32_t character :
       {0x00U, 0x20U, 0x7FU, 0x85U, 0xA0U, 0xADU, 0x200BU, 0x200FU, 0x2060U, 0x3000U, 0xFE0FU, 0xFEFFU,
        0xFFFDU, 0xE0000U, 0xE0001U, 0xE007FU, 0xE0FFFU})
    EXPECT_TRUE(is_invisible(character)) << static_cast<unsigned>(character);
  for (const char32_t character : {0x21U, 0x7EU, 0xA1U, 0xACU, 0xAEU, 0x2010U, 0x2070U, 0x2801U, 0x3001U,
                                   0xFE10U, 0xFF9FU, 0xFFFEU, 0xDFFFFU, 0xE1000U, 0x10FFFFU})
    EXPECT_FALSE(is_invisible(character)) << static_cast<unsigned>(character);
}

TEST(HasVisibleCharacter, IsNotFooledByBlanks) {
  for (const char* const text : {"", " \t\r\n\f\v", "\u00A0", "\u200B\u200C\u200D", "\u2060\uFEFF",
                                 "\u3000\u3000\n", "\u00AD", "\uFE0F", "\uFE0E\u180B", "\U000E0067\U000E007F",
                                 "\u202A\u202E\u2066\u2069\u061C", "\u3164\u115F\u1160\uFFA0", "\u2800\u2800",
                                 "\u0007\u001B", "\u0085\u2028\u2029", "\u034F\u17B4", "\U000E0100"})
    EXPECT_FALSE(has_visible_character(text)) << testing::PrintToString(std::string(text));
}

TEST(HasVisibleCharacter, SeesTheOneThatIsThere) {
  for (const char* const text : {"x", " . ", "\u3000牛\u3000", "🐄", "👩\u200D🚀", "❤\uFE0F", "1\uFE0F\u20E3",
                                 "e\u0301", "🏴\U000E0067\U000E007F", "\u200Bय\u200D", "ﾊ", "⠁", "\u200F؟"})
    EXPECT_TRUE(has_visible_character(text)) << testing::PrintToString(std::string(text));
}

TEST(ListOddBlanks, NamesEachOnce) {
  EXPECT_THAT(list_odd_blanks(" \t\r\n"), ElementsAre());
  EXPECT_THAT(list_odd_blanks("\u3000 \u200B\n\u3000\U000E0020"), ElementsAre(0x3000U, 0x200BU, 0xE0020U));
}

}  // namespace
}  // namespace reeld
