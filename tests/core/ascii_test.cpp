#include "core/ascii.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(Ascii, OnlyLettersChangeTheirCase) {
  EXPECT_EQ(to_lower("AbZ@[`{-\xC4"), "abz@[`{-\xC4");
  EXPECT_EQ(to_upper('z'), 'Z');
  EXPECT_EQ(to_upper('{'), '{');
}

TEST(Ascii, WhatIsNextToALetterOrADigitIsNone) {
  for (const char c : {'@', '[', '`', '{', '0', '\xC4'}) EXPECT_FALSE(is_letter(c)) << c;
  for (const char c : {'/', ':', 'a', '\xB2'}) EXPECT_FALSE(is_digit(c)) << c;
  EXPECT_TRUE(is_letter('a') && is_letter('Z') && is_digit('0') && is_digit('9'));
}

TEST(Ascii, BlanksAreTrimmedAtBothEnds) {
  EXPECT_EQ(trim_blanks(" \t a b\t"), "a b");
  EXPECT_EQ(trim_blanks("a\n"), "a\n");
  EXPECT_EQ(trim_blanks(" \t"), "");
}

}  // namespace
}  // namespace reeld
