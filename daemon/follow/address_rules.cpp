#include "follow/address_rules.hpp"

#include <algorithm>
#include <array>

namespace reeld {
namespace {

using AddressBytes = std::span<const std::uint8_t>;

struct Block4 {
  std::array<std::uint8_t, 4> address;
  unsigned bits;  // of its prefix
  AddressKind kind;
};

// The first that matches counts.
constexpr auto blocks4 = std::to_array<Block4>({
    {{0, 0, 0, 0}, 8, AddressKind::unspecified},          // RFC 1122 3.2.1.3, RFC 6890
    {{10, 0, 0, 0}, 8, AddressKind::private_use},         // RFC 1918
    {{100, 64, 0, 0}, 10, AddressKind::private_use},      // RFC 6598: behind a carrier's NAT
    {{127, 0, 0, 0}, 8, AddressKind::loopback},           // RFC 1122 3.2.1.3
    {{169, 254, 0, 0}, 16, AddressKind::link_local},      // RFC 3927; the metadata services of clouds
    {{172, 16, 0, 0}, 12, AddressKind::private_use},      // RFC 1918
    {{192, 0, 0, 0}, 24, AddressKind::reserved},          // RFC 6890: protocol assignments
    {{192, 0, 2, 0}, 24, AddressKind::documentation},     // RFC 5737
    {{192, 88, 99, 0}, 24, AddressKind::reserved},        // RFC 7526: relays of 6to4
    {{192, 168, 0, 0}, 16, AddressKind::private_use},     // RFC 1918
    {{198, 18, 0, 0}, 15, AddressKind::benchmark},        // RFC 2544
    {{198, 51, 100, 0}, 24, AddressKind::documentation},  // RFC 5737
    {{203, 0, 113, 0}, 24, AddressKind::documentation},   // RFC 5737
    {{224, 0, 0, 0}, 4, AddressKind::multicast},          // RFC 5771
    {{255, 255, 255, 255}, 32, AddressKind::broadcast},   // RFC 919
    {{240, 0, 0, 0}, 4, AddressKind::reserved},           // RFC 1112
});

struct Block6 {
  std::array<std::uint8_t, 6> address;  // the rest of it is zeros
  unsigned bits;
  AddressKind kind;
};

// Behind those that carry an IPv4 address. The first that matches counts; none: reserved.
constexpr auto blocks6 = std::to_array<Block6>({
    {{0x20, 0x01, 0x0d, 0xb8}, 32, AddressKind::documentation},  // RFC 3849
    {{0x20, 0x01, 0x00, 0x02}, 48, AddressKind::reserved},       // RFC 5180: benchmarks
    {{0x20, 0x01, 0x00, 0x10}, 28, AddressKind::reserved},       // RFC 4843: ORCHID
    {{0x20, 0x01, 0x00, 0x20}, 28, AddressKind::reserved},       // RFC 7343: ORCHIDv2
    {{0x20, 0x01, 0x00, 0x00}, 23, AddressKind::reserved},       // RFC 2928: protocol assignments
    {{0x3f, 0xff, 0x00, 0x00}, 20, AddressKind::documentation},  // RFC 9637
    {{0x20, 0x00, 0x00, 0x00}, 3, AddressKind::global},          // RFC 4291 2.4, as IANA has assigned it
    {{0xfc, 0x00, 0x00, 0x00}, 7, AddressKind::private_use},     // RFC 4193: unique local
    {{0xfe, 0x80, 0x00, 0x00}, 10, AddressKind::link_local},     // RFC 4291 2.5.6
    {{0xfe, 0xc0, 0x00, 0x00}, 10, AddressKind::private_use},    // RFC 3879: site-local, deprecated
    {{0xff, 0x00, 0x00, 0x00}, 8, AddressKind::multicast},       // RFC 4291 2.7
});

bool is_in_block(AddressBytes bytes, AddressBytes prefix, unsigned bits) {
  for (std::size_t i = 0; bits > 0; ++i) {
    const unsigned taken = std::min(bits, 8U);
    const auto mask = static_cast<std::uint8_t>(0xFFU << (8 - taken));
    const std::uint8_t wanted = i < prefix.size() ? prefix[i] : std::uint8_t{0};
    if ((bytes[i] & mask) != (wanted & mask)) return false;
    bits -= taken;
  }
  return true;
}

bool is_all_zeros(AddressBytes bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

AddressKind kind_of_4(AddressBytes bytes) {
  for (const Block4& block : blocks4) {
    if (is_in_block(bytes, block.address, block.bits)) return block.kind;
  }
  return AddressKind::global;
}

AddressKind kind_of_4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return kind_of_4(std::array{a, b, c, d});
}

/// A local prefix of NAT64. Where in it the IPv4 address stands depends on the network's own choice of length
/// (RFC 6052 2.2, with the octet "u" left out): /96 by far the most often, or /48, /56, /64 with zeros
/// behind.
AddressKind kind_of_local_nat64(AddressBytes b) {
  const AddressKind usual = kind_of_4(b.subspan(12));
  const AddressKind long_suffix = kind_of_4(b[6], b[7], b[9], b[10]);
  for (const AddressKind kind :
       {long_suffix, kind_of_4(b[7], b[9], b[10], b[11]), kind_of_4(b[9], b[10], b[11], b[12])}) {
    if (kind == AddressKind::loopback || kind == AddressKind::link_local || kind == AddressKind::private_use)
      return kind;
  }
  return is_all_zeros(b.subspan(11)) ? long_suffix : usual;
}

/// RFC 4380 4: the server's address, and the client's with each bit turned. Both have to be reachable.
AddressKind kind_of_teredo(AddressBytes b) {
  const auto turn = [&](std::size_t i) { return static_cast<std::uint8_t>(b[i] ^ 0xFFU); };
  const AddressKind client = kind_of_4(turn(12), turn(13), turn(14), turn(15));
  return client == AddressKind::global ? kind_of_4(b.subspan(4, 4)) : client;
}

AddressKind kind_of_6(AddressBytes bytes) {
  const auto starts_with = [&](std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
  };
  if (is_all_zeros(bytes)) return AddressKind::unspecified;                           // RFC 4291 2.5.2
  if (is_all_zeros(bytes.first(15)) && bytes[15] == 1) return AddressKind::loopback;  // RFC 4291 2.5.3
  if (is_all_zeros(bytes.first(12))) return kind_of_4(bytes.subspan(12));  // RFC 4291 2.5.5.1: compatible
  if (is_all_zeros(bytes.first(10)) && bytes[10] == 0xff && bytes[11] == 0xff)
    return kind_of_4(bytes.subspan(12));  // RFC 4291 2.5.5.2: mapped
  if (is_all_zeros(bytes.first(8)) && bytes[8] == 0xff && bytes[9] == 0xff && bytes[10] == 0 &&
      bytes[11] == 0)
    return kind_of_4(bytes.subspan(12));  // RFC 2765 2.1: translated
  if (starts_with({0x00, 0x64, 0xff, 0x9b}) && is_all_zeros(bytes.subspan(4, 8)))
    return kind_of_4(bytes.subspan(12));  // RFC 6052 2.1: NAT64
  if (starts_with({0x00, 0x64, 0xff, 0x9b, 0x00, 0x01})) return kind_of_local_nat64(bytes);  // RFC 8215
  if (starts_with({0x20, 0x02})) return kind_of_4(bytes.subspan(2, 4));                      // RFC 3056: 6to4
  if (starts_with({0x20, 0x01, 0x00, 0x00})) return kind_of_teredo(bytes);
  for (const Block6& block : blocks6) {
    if (!is_in_block(bytes, block.address, block.bits)) continue;
    // RFC 5214 6.1: ISATAP, within any prefix of a global one.
    const bool is_isatap = (bytes[8] & 0xFDU) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == 0xfe;
    return block.kind == AddressKind::global && is_isatap ? kind_of_4(bytes.subspan(12)) : block.kind;
  }
  return AddressKind::reserved;
}

}  // namespace

std::string_view word_of(AddressKind kind) {
  switch (kind) {
    case AddressKind::global:
      return "a public address";
    case AddressKind::benchmark:
      return "a benchmark address";
    case AddressKind::loopback:
      return "a loopback address";
    case AddressKind::link_local:
      return "a link-local address";
    case AddressKind::private_use:
      return "a private address";
    case AddressKind::unspecified:
      return "an unspecified address";
    case AddressKind::multicast:
      return "a multicast address";
    case AddressKind::broadcast:
      return "a broadcast address";
    case AddressKind::documentation:
      return "an address for documentation";
    case AddressKind::reserved:
      break;
  }
  return "a reserved address";
}

AddressKind kind_of_address(std::span<const std::uint8_t> bytes) {
  if (bytes.size() == 4) return kind_of_4(bytes);
  return bytes.size() == 16 ? kind_of_6(bytes) : AddressKind::reserved;
}

bool may_connect(AddressKind kind, std::span<const AddressKind> apis_own, bool is_named) {
  if (kind == AddressKind::global || kind == AddressKind::benchmark || is_named) return true;
  return std::ranges::find(apis_own, kind) != apis_own.end();
}

}  // namespace reeld
