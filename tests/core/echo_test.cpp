#include "core/echo.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(HasPhrase, HoldsInAnyCaseAndWithAnySpaces) {
  EXPECT_TRUE(has_phrase("The red Is  Saturated.", "is saturated"));
  EXPECT_TRUE(has_phrase("The red is\r\n\tsaturated.", "IS SATURATED"));
  EXPECT_TRUE(has_phrase("is\u00a0saturated", "is saturated"));
  EXPECT_TRUE(has_phrase("上游负载\u3000已饱和", "上游负载已饱和"));
  EXPECT_FALSE(has_phrase("The red is pale.", "is saturated"));
  EXPECT_FALSE(has_phrase("", "is saturated"));
}

constexpr std::string_view lines =
    "  A cow dances.\n"
    "It rains.\n"
    "Short\n"
    "\n"
    "The camera goes round the barn once, and then up to the roof, where a cat sits.  \n";

TEST(TakeOutEchoes, TheWholePromptAlsoTrimmedOrWithOtherSpaces) {
  EXPECT_EQ(take_out_echoes("bad: a cow that dances.", "a cow that dances"), "bad: [prompt].");
  EXPECT_EQ(take_out_echoes("bad: a cow that dances.", "\n  a cow that dances \r\n"), "bad: [prompt].");
  EXPECT_EQ(take_out_echoes("bad: a cow that dances.", "a cow\n  that\tdances"), "bad: [prompt].");
  EXPECT_EQ(take_out_echoes("坏的提示：\u3000让牛跳舞。", "让牛跳舞"), "坏的提示：\u3000[prompt]。");
  EXPECT_EQ(take_out_echoes("a cow, a cow", "a cow"), "[prompt], [prompt]");
}

TEST(TakeOutEchoes, EachLineOfEightCharactersOrMore) {
  EXPECT_EQ(take_out_echoes("said \"A cow dances.\" and \"It rains.\"", lines),
            "said \"[prompt]\" and \"[prompt]\"");
  EXPECT_EQ(take_out_echoes("Short of funds", lines), "Short of funds");
  EXPECT_EQ(take_out_echoes("不许：一头跳舞的牛在雨中", "第一行\n一头跳舞的牛在雨中\n"), "不许：[prompt]");
}

TEST(TakeOutEchoes, ALongerLineBeforeOneThatItHolds) {
  EXPECT_EQ(take_out_echoes("no: It rains. Softly.", "It rains.\nIt rains. Softly."), "no: [prompt]");
}

TEST(TakeOutEchoes, AShortenedEchoFromFortyCharactersOn) {
  EXPECT_EQ(take_out_echoes("bad prompt: The camera goes round the barn once, and th...", lines),
            "bad prompt: [prompt]...");
  EXPECT_EQ(take_out_echoes("bad prompt: A cow dances. It rains. Short The camera goes", lines),
            "bad prompt: [prompt]");
  EXPECT_EQ(take_out_echoes("The camera goes round", lines), "The camera goes round");
}

TEST(TakeOutEchoes, CutsBetweenCharacters) {
  std::string prompt;
  for (int i = 0; i < 50; ++i) prompt += "牛";
  // The next character begins with the same byte.
  EXPECT_EQ(take_out_echoes(prompt.substr(0, 41 * 3) + "牡", prompt), "[prompt]牡");
}

TEST(TakeOutEchoes, LeavesTheTextAloneWhereThePromptIsALetterOrTwo) {
  EXPECT_EQ(take_out_echoes("a cow", "a"), "a cow");
  EXPECT_EQ(take_out_echoes("a cow", " \n"), "a cow");
  EXPECT_EQ(take_out_echoes("a cow", ""), "a cow");
}

TEST(TakeOutEchoes, ATextWithoutEndIsCut) {
  const std::string cut = take_out_echoes(std::string(1 << 20, 'x'), "a cow that dances");
  EXPECT_LT(cut.size(), 20'000U);
  EXPECT_TRUE(cut.ends_with("x..."));
  EXPECT_EQ(take_out_echoes(std::string(1 << 20, 'x'), "").size(), 1U << 20);
}

TEST(TakeOutEchoes, ATextIsCutShorterForAPromptOfManyLines) {
  std::string prompt;
  for (int line = 0; line < 740; ++line)
    prompt += "Shot of the same old barn, " + std::to_string(line) + "\n";
  const std::string cut = take_out_echoes(std::string(1 << 14, 'S') + "hot", prompt);
  EXPECT_GT(cut.size(), 1000U);
  EXPECT_LT(cut.size(), 2000U);
  EXPECT_EQ(take_out_echoes("no: Shot of the same old barn, 700", prompt), "no: [prompt]");
}

TEST(TakeOutEchoes, WhatStandsBehindALongPromptStays) {
  std::string prompt;
  for (int line = 0; line < 300; ++line) prompt += "Shot " + std::to_string(line) + " of the same old barn\n";
  EXPECT_EQ(take_out_echoes("request for " + prompt + "failed: insufficient balance", prompt),
            "request for [prompt]\nfailed: insufficient balance");
}

}  // namespace
}  // namespace reeld
