#pragma once
// Where metrics are served.

#include <string>
#include <string_view>
#include <variant>

namespace reeld {

struct ListenComplaint {
  std::string reason;
};

/// "HOST:PORT", the host an address or "localhost"; ":PORT" and "PORT" mean 127.0.0.1. The result always has
/// both, IPv6 in brackets.
std::variant<std::string, ListenComplaint> parse_listen_address(std::string_view text);

/// Whether only this machine can reach it. `address` as `parse_listen_address` gives it.
bool is_loopback(std::string_view address);

}  // namespace reeld
