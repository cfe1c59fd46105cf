#include "codec/terminal_text.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(TerminalText, WhatSteersATerminalIsWrittenOut) {
  EXPECT_EQ(escape_steering("a\u009b31mb\u0080\u009f\u00a0"), "a\\u009b31mb\\u0080\\u009f\u00a0");
  EXPECT_EQ(escape_steering("a\x7f\x1b[2J\r"), "a\\u007f\\u001b[2J\\u000d");
  EXPECT_EQ(escape_steering("a\x9b"), "a\xef\xbf\xbd") << "no UTF-8";
}

TEST(TerminalText, WhatOrdersTextIsWrittenOut) {
  EXPECT_EQ(escape_steering("gnp.\u202Etxt"), "gnp.\\u202etxt");
  for (const char* const text : {"\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
                                 "\u2066", "\u2067", "\u2068", "\u2069"})
    EXPECT_TRUE(escape_steering(text).starts_with("\\u")) << text;
}

TEST(TerminalText, WordsStayAsTheyAre) {
  const std::string words = "让牛快乐 caf\u00e9 \u05d0\u05d1 \u200d\U0001f600 \u2065 \u202f\ttab\nline";
  EXPECT_EQ(escape_steering(words), words);
}

TEST(TerminalText, OnOneLine) {
  EXPECT_EQ(make_printable("a\nb\r\t\x1b[31m\x7f\u009b"), "a\\nb\\r\\t\\x1b[31m\\x7f\\u009b");
  EXPECT_EQ(make_printable("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(make_printable("caf\xe9"), "caf\xef\xbf\xbd");
  EXPECT_EQ(make_printable("abcdef", 3), "abc...");
}

}  // namespace
}  // namespace reeld
