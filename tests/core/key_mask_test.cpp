#include "core/key_mask.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(KeyMask, TakesTheKeyOutWhereverItIs) {
  EXPECT_EQ(take_out_key("key sk-1, again sk-1.", "sk-1"), "key [key], again [key].");
  EXPECT_EQ(take_out_key("sk-1", "sk-1"), "[key]");
  EXPECT_EQ(take_out_key("sk-sk-1", "sk-1"), "sk-[key]");
  EXPECT_EQ(take_out_key("sk-", "sk-1"), "sk-");
}

TEST(KeyMask, AsJsonMayWriteIt) {
  EXPECT_EQ(take_out_key(R"({"m":"\u0073k-\u002f1"})", "sk-/1"), R"({"m":"[key]"})");
  EXPECT_EQ(take_out_key(R"(\u0073\u006B\u002D\u0031)", "sk-1"), "[key]");
  EXPECT_EQ(take_out_key(R"(ab\/cd)", "ab/cd"), "[key]");
  EXPECT_EQ(take_out_key(R"(a\"b)", "a\"b"), "[key]");
  EXPECT_EQ(take_out_key(R"(a\\b)", "a\\b"), "[key]");
  EXPECT_EQ(take_out_key(R"({\"m\":\"\\u0073k-1\"})", "sk-1"), R"({\"m\":\"[key]\"})")
      << "a JSON within a JSON";
}

TEST(KeyMask, ALongRunOfBackslashesCostsNoMoreThanItsLength) {
  const std::string run(1U << 20U, '\\');
  EXPECT_EQ(take_out_key(run + "sk-1", "sk-1"), run.substr(64) + "[key]");
  EXPECT_EQ(take_out_key(run, "sk-1"), run);
}

TEST(KeyMask, AsAUrlMayWriteIt) {
  EXPECT_EQ(take_out_key("q=a%2Fb%2b", "a/b+"), "q=[key]");
  EXPECT_EQ(take_out_key("100%25", "%25x"), "100%25");
}

TEST(KeyMask, WhatIsNotTheKeyStays) {
  EXPECT_EQ(take_out_key(R"(\u0073k-2 \u00 % %7 \)", "sk-1"), R"(\u0073k-2 \u00 % %7 \)");
  EXPECT_EQ(take_out_key("text", ""), "text");
  EXPECT_EQ(take_out_key("", "sk-1"), "");
}

}  // namespace
}  // namespace reeld
