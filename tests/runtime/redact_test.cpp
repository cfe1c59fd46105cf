#include <gtest/gtest.h>

#include "runtime/attempt.hpp"

namespace reeld {
namespace {

TEST(Redact, TakesOutKeyAndPromptWhereverTheyAre) {
  EXPECT_EQ(redact("key sk-1, again sk-1; said: a cow that dances.", "a cow that dances", "sk-1"),
            "key [key], again [key]; said: [prompt].");
}

TEST(Redact, LeavesTheMessageAloneWhereThePromptIsALetterOrTwo) {
  EXPECT_EQ(redact("a cow", "a", "k-1"), "a cow");
}

TEST(Redact, AnEmptyKeyIsNotEverywhere) {
  EXPECT_EQ(redact("text", "", ""), "text");
}

}  // namespace
}  // namespace reeld
