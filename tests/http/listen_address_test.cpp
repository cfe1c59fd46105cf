#include "http/listen_address.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

std::string address_text_of(std::string_view text) {
  const auto parsed = parse_listen_address(text);
  const auto* complaint = std::get_if<ListenComplaint>(&parsed);
  return complaint == nullptr ? std::get<std::string>(parsed) : complaint->reason;
}

TEST(ListenAddress, HasLoopbackAsItsDefault) {
  EXPECT_EQ(address_text_of("9465"), "127.0.0.1:9465");
  EXPECT_EQ(address_text_of(":9465"), "127.0.0.1:9465");
}

TEST(ListenAddress, TakesAddresses) {
  EXPECT_EQ(address_text_of("0.0.0.0:9465"), "0.0.0.0:9465");
  EXPECT_EQ(address_text_of("localhost:9465"), "localhost:9465");
  EXPECT_EQ(address_text_of("[::1]:9465"), "[::1]:9465");
}

TEST(ListenAddress, RefusesTheRest) {
  const std::string needs_port = "must end in a port from 1 to 65535, such as \"127.0.0.1:9465\"";
  const std::string needs_host =
      "must begin with an IP address (IPv6 in brackets) or localhost, such as \"127.0.0.1:9465\"";
  EXPECT_EQ(address_text_of("127.0.0.1"), needs_port);
  EXPECT_EQ(address_text_of("127.0.0.1:"), needs_port);
  EXPECT_EQ(address_text_of("127.0.0.1:0"), needs_port);
  EXPECT_EQ(address_text_of("127.0.0.1:65536"), needs_port);
  EXPECT_EQ(address_text_of("::1:9465"), needs_host);
  EXPECT_EQ(address_text_of("metrics.example:9465"), needs_host);
  EXPECT_EQ(address_text_of("http://127.0.0.1:9465"), needs_host);
}

TEST(ListenAddress, KnowsWhatOnlyThisMachineCanReach) {
  for (const char* const address : {"127.0.0.1:9465", "127.1.2.3:1", "localhost:9465", "[::1]:9465"})
    EXPECT_TRUE(is_loopback(address)) << address;
  for (const char* const address : {"0.0.0.0:9465", "[::]:9465", "10.0.0.1:127", "[::127.0.0.1]:9465"})
    EXPECT_FALSE(is_loopback(address)) << address;
}

}  // namespace
}  // namespace reeld
