#include "follow/address_rules.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace reeld {
namespace {

using enum AddressKind;

std::vector<std::uint8_t> read_address(const char* text) {
  std::vector<std::uint8_t> bytes(16);
  if (::inet_pton(AF_INET6, text, bytes.data()) == 1) return bytes;
  bytes.resize(4);
  EXPECT_EQ(::inet_pton(AF_INET, text, bytes.data()), 1) << text;
  return bytes;
}

AddressKind kind_of(const char* text) {
  return kind_of_address(read_address(text));
}

struct Case {
  const char* address;
  AddressKind kind;
};

// Both ends of each block, and its neighbours.
constexpr Case cases4[] = {
    {"0.0.0.0", unspecified},
    {"0.255.255.255", unspecified},
    {"1.0.0.0", global},
    {"9.255.255.255", global},
    {"10.0.0.0", private_use},
    {"10.255.255.255", private_use},
    {"11.0.0.0", global},
    {"100.63.255.255", global},
    {"100.64.0.0", private_use},
    {"100.127.255.255", private_use},
    {"100.128.0.0", global},
    {"126.255.255.255", global},
    {"127.0.0.1", loopback},
    {"127.255.255.255", loopback},
    {"128.0.0.0", global},
    {"169.253.255.255", global},
    {"169.254.169.254", link_local},
    {"169.255.0.0", global},
    {"172.15.255.255", global},
    {"172.16.0.0", private_use},
    {"172.31.255.255", private_use},
    {"172.32.0.0", global},
    {"192.0.0.8", reserved},
    {"192.0.1.0", global},
    {"192.0.2.1", documentation},
    {"192.0.3.0", global},
    {"192.88.99.1", reserved},
    {"192.167.255.255", global},
    {"192.168.0.0", private_use},
    {"192.168.255.255", private_use},
    {"192.169.0.0", global},
    {"198.17.255.255", global},
    {"198.18.0.0", benchmark},
    {"198.19.255.255", benchmark},
    {"198.20.0.0", global},
    {"198.51.100.7", documentation},
    {"203.0.113.255", documentation},
    {"203.0.114.0", global},
    {"223.255.255.255", global},
    {"224.0.0.1", multicast},
    {"239.255.255.255", multicast},
    {"240.0.0.0", reserved},
    {"255.255.255.254", reserved},
    {"255.255.255.255", broadcast},
    {"8.8.8.8", global},
};

constexpr Case cases6[] = {
    {"::", unspecified},
    {"::1", loopback},
    {"::2", unspecified},  // compatible with 0.0.0.2
    {"::127.0.0.1", loopback},
    {"::ffff:127.0.0.1", loopback},
    {"::ffff:10.1.2.3", private_use},
    {"::ffff:8.8.8.8", global},
    {"::ffff:198.18.0.7", benchmark},
    {"::ffff:0:192.168.1.1", private_use},
    {"64:ff9b::127.0.0.1", loopback},
    {"64:ff9b::8.8.8.8", global},
    {"64:ff9b::169.254.169.254", link_local},
    {"64:ff9b:1::10.0.0.1", private_use},
    {"64:ff9b:1::8.8.8.8", global},
    {"64:ff9b:1:abcd::192.168.0.1", private_use},
    {"64:ff9b:1:7f00:0:100::", loopback},       // /48: 127.0.0.1
    {"64:ff9b:1:808:8:800::", global},          // /48: 8.8.8.8
    {"64:ff9b:1:a:0:1:200:0", private_use},     // /56: 10.0.1.2
    {"64:ff9b:1::c0:a801:100:0", private_use},  // /64: 192.168.1.1
    {"64:ff9b:2::8.8.8.8", reserved},
    {"100::1", reserved},
    {"2001:0:808:808::f7f7:f7f7", global},     // Teredo: 8.8.8.8 and 8.8.8.8
    {"2001:0:808:808::80ff:fffe", loopback},   // ... and 127.0.0.1
    {"2001:0:a00:1::f7f7:f7f7", private_use},  // 10.0.0.1 as its server
    {"2001:2::1", reserved},
    {"2001:10::1", reserved},
    {"2001:20::1", reserved},
    {"2001:1ff::1", reserved},
    {"2001:200::1", global},
    {"2001:db8::1", documentation},
    {"2001:db9::1", global},
    {"2002:a00:1::1", private_use},  // 6to4: 10.0.0.1
    {"2002:808:808::1", global},
    {"2003::1", global},
    {"2606:4700::1111", global},
    {"2606:4700::5efe:10.0.0.1", private_use},  // ISATAP
    {"2606:4700::200:5efe:127.0.0.1", loopback},
    {"2606:4700::200:5efe:8.8.8.8", global},
    {"3fff::1", documentation},
    {"3fff:fff::1", documentation},
    {"3fff:1000::1", global},
    {"4000::1", reserved},
    {"5f00::1", reserved},
    {"fbff::1", reserved},
    {"fc00::1", private_use},
    {"fdff::1", private_use},
    {"fe00::1", reserved},
    {"fe80::1", link_local},
    {"febf::1", link_local},
    {"fec0::1", private_use},
    {"ff02::1", multicast},
};

TEST(KindOfAddress, KnowsTheBlocksOfIPv4) {
  for (const Case& row : cases4) EXPECT_EQ(kind_of(row.address), row.kind) << row.address;
}

TEST(KindOfAddress, KnowsThoseOfIPv6AndWhatIsCarriedWithin) {
  for (const Case& row : cases6) EXPECT_EQ(kind_of(row.address), row.kind) << row.address;
}

TEST(KindOfAddress, AMappedAddressIsOfTheKindOfWhatItCarries) {
  for (const Case& row : cases4) {
    for (const char* prefix : {"::ffff:", "64:ff9b::"}) {
      const std::string text = prefix + std::string(row.address);
      EXPECT_EQ(kind_of(text.c_str()), row.kind) << text;
    }
  }
}

TEST(KindOfAddress, AnythingElseIsReserved) {
  const std::array<std::uint8_t, 17> bytes{8, 8, 8, 8};
  for (const std::size_t size : {0U, 3U, 5U, 15U, 17U})
    EXPECT_EQ(kind_of_address(std::span(bytes).first(size)), reserved) << size;
}

TEST(MayConnect, RefusesAllButPublicOnesUnlessTheApiIsThereOrItIsNamed) {
  for (const AddressKind kind :
       {loopback, link_local, private_use, unspecified, multicast, broadcast, documentation, reserved}) {
    EXPECT_FALSE(may_connect(kind, {}, false)) << word_of(kind);
    EXPECT_TRUE(may_connect(kind, {}, true)) << word_of(kind);
    EXPECT_TRUE(may_connect(kind, std::array{global, kind}, false)) << word_of(kind);
  }
  EXPECT_TRUE(may_connect(global, {}, false));
  EXPECT_TRUE(may_connect(benchmark, {}, false));
  EXPECT_FALSE(may_connect(loopback, std::array{private_use, global}, false));
}

}  // namespace
}  // namespace reeld
