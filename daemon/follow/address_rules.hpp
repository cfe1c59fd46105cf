#pragma once
// Which IP addresses a download may connect to. A link comes from outside: it must not lead into the machine
// or the network that reeld runs in. What is judged is the address that is connected to, not a name.
//
// Threads: pure. Source: the IANA special-purpose address registries (RFC 6890), and the RFCs beside each row
// of the table.

#include <cstdint>
#include <span>
#include <string_view>

namespace reeld {

enum class AddressKind {
  global,
  benchmark,    // 198.18/15: proxies such as Clash give it to names, so it leads outside: allowed
  loopback,     // this machine
  link_local,   // this network
  private_use,  // the networks of a house, a company, a carrier
  unspecified,  // "this host on this network": reaches loopback on many systems
  multicast,
  broadcast,
  documentation,
  reserved,  // assigned to nobody, or to a protocol's own use
};

/// For people: "a loopback address".
std::string_view word_of(AddressKind kind);

/// `bytes`: 4 or 16, in network order. An IPv6 address that carries an IPv4 address (mapped, NAT64, 6to4,
/// Teredo, ISATAP) is of the kind of that. Of any other number of bytes it is `reserved`.
AddressKind kind_of_address(std::span<const std::uint8_t> bytes);

/// `apis_own`: kinds of the addresses that the API's own host has. `is_named`: host and port of the URL stand
/// in `[follow] allow`.
bool may_connect(AddressKind kind, std::span<const AddressKind> apis_own, bool is_named);

}  // namespace reeld
