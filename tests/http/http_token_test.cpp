#include "http/http_token.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(HttpToken, IsLettersDigitsAndSomeMarks) {
  for (const char* const text : {"GET", "Idempotency-Key", "x_1", "!#$%&'*+-.^_`|~09"})
    EXPECT_TRUE(is_token(text)) << text;
  for (const char* const text : {"", "a b", "a:", "a\t", "a\r\n", "\xC3\xA9", "(a)", "a/b", "\"a\""})
    EXPECT_FALSE(is_token(text)) << text;
}

}  // namespace
}  // namespace reeld
