#include "core/percent.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(DecodePercent, EachStandsForAByte) {
  EXPECT_EQ(decode_percent("a%20b%2Fc%2f"), "a b/c/");
  EXPECT_EQ(decode_percent("%E7%89%9B"), "牛");
  EXPECT_EQ(decode_percent(""), "");
}

TEST(DecodePercent, WithoutTwoDigitsItStays) {
  for (const char* const text : {"%", "100%", "%2", "%zz", "%%", "a+b"})
    EXPECT_EQ(decode_percent(text), text);
}

}  // namespace
}  // namespace reeld
