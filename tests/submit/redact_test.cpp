#include <gtest/gtest.h>

#include "submit/attempt.hpp"

namespace reeld {
namespace {

TEST(Redact, TakesOutKeyAndPromptWhereverTheyAre) {
  EXPECT_EQ(redact("key sk-1, again sk-1; said: a cow that dances.", "a cow that dances", Secrets("sk-1")),
            "key [key], again [key]; said: [prompt].");
}

TEST(Redact, TakesOutWhatAnApiMakesOfAPrompt) {
  EXPECT_EQ(redact("bad: a cow that dances", "  a cow\nthat dances\n", Secrets("sk-1")), "bad: [prompt]");
  EXPECT_EQ(redact("bad: that dances", "a cow\nthat dances\n", Secrets("sk-1")), "bad: [prompt]");
  const std::string prompt = "The camera goes round the barn once, and then up to the roof.";
  EXPECT_EQ(redact("bad: " + prompt.substr(0, 45) + "...", prompt, Secrets("sk-1")), "bad: [prompt]...");
}

TEST(Redact, LeavesTheMessageAloneWhereThePromptIsALetterOrTwo) {
  EXPECT_EQ(redact("a cow", "a", Secrets("k-1")), "a cow");
}

TEST(Redact, TakesOutAKeyThatJsonHasEscaped) {
  EXPECT_EQ(redact(R"({"error":{"message":"bad key \u0073k-\/1"}})", "", Secrets("sk-/1")),
            R"({"error":{"message":"bad key [key]"}})");
}

TEST(Redact, AnEmptyKeyIsNotEverywhere) {
  EXPECT_EQ(redact("text", "", Secrets("")), "text");
}

}  // namespace
}  // namespace reeld
