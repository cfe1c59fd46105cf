#include "net/name_lookup.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using ::testing::ElementsAre;
namespace ip = boost::asio::ip;

TEST(NameLookup, LocalhostNeedsNoHostsFile) {
  LookupAnswer answer{"Name or service not known", {}};
  add_localhost("localhost", answer);
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(answer.addresses, ElementsAre(ip::address_v4::loopback(), ip::address_v6::loopback()));
}

TEST(NameLookup, WhatTheSystemSaysCounts) {
  LookupAnswer answer{"", {ip::make_address("127.0.0.9")}};
  add_localhost("localhost", answer);
  EXPECT_THAT(answer.addresses, ElementsAre(ip::make_address("127.0.0.9")));
  LookupAnswer other{"Name or service not known", {}};
  add_localhost("api.example", other);
  EXPECT_EQ(other.error, "Name or service not known");
}

}  // namespace
}  // namespace reeld
