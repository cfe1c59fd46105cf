#include "core/hex.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(Hex, TakesDigitsInEitherCaseAndNothingElse) {
  EXPECT_EQ(hex_value('0'), 0);
  EXPECT_EQ(hex_value('9'), 9);
  EXPECT_EQ(hex_value('a'), 10);
  EXPECT_EQ(hex_value('F'), 15);
  for (const char c : {'/', ':', '@', 'G', '`', 'g', ' ', '\xB2', '\x01'}) EXPECT_EQ(hex_value(c), -1) << c;
}

TEST(Hex, ReadsJustSoManyDigits) {
  EXPECT_EQ(read_hex("d83dx", 4), 0xD83DU);
  EXPECT_EQ(read_hex("2F5", 2), 0x2FU);
  EXPECT_EQ(read_hex("fFfFfFfF", 8), 0xFFFFFFFFU);
  EXPECT_EQ(read_hex("12", 4), std::nullopt);
  EXPECT_EQ(read_hex("12g4", 4), std::nullopt);
}

}  // namespace
}  // namespace reeld
