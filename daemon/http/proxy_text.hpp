#pragma once
// A proxy as people write it: "http://[user:password@]host[:port]". Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace reeld {

struct HostPort {
  std::string host;  // lower case, without brackets
  std::optional<std::uint16_t> port;
};

/// "host", "host:port", "[v6]", "[v6]:port", and a bare v6 address.
std::optional<HostPort> parse_host_port(std::string_view text);

struct ProxyText {
  std::string user;  // "user:password", percent-encoded as it stands; "" if none
  std::string host;  // lower case, without brackets
  std::uint16_t port = 80;
};

/// The scheme may be left out, and the port. Errors: a reason, for people. It repeats nothing of the text,
/// which may hold a password wherever one was mistyped.
std::variant<ProxyText, std::string> parse_proxy(std::string_view text);

}  // namespace reeld
