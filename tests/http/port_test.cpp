#include "http/port.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

TEST(Port, IsANumberFrom1To65535) {
  EXPECT_EQ(parse_port("1"), 1);
  EXPECT_EQ(parse_port("65535"), 65535);
  for (const char* const text : {"", "0", "65536", "-1", "+1", " 1", "1 ", "1a", "http"})
    EXPECT_EQ(parse_port(text), std::nullopt) << text;
}

}  // namespace
}  // namespace reeld
