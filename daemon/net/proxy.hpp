#pragma once
// Which proxy, if any, stands between reeld and an API. Pure: the environment is an argument.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "net/http_client.hpp"

namespace reeld {

struct ProxyEnvironment {
  std::string https_proxy;  // HTTPS_PROXY or https_proxy
  std::string no_proxy;     // NO_PROXY or no_proxy
};

struct ProxyComplaint {
  std::string reason;  // begins with where the text stands: "api.proxy: " or "HTTPS_PROXY: "
};

/// `setting` is `[api] proxy`; where it is empty the environment decides. Loopback is never proxied; NO_PROXY
/// lists names, suffixes (".example.com", "example.com"), addresses, "*", with an optional port. A proxy is
/// what http/proxy_text makes of its text.
std::variant<std::optional<ProxyAddress>, ProxyComplaint> choose_proxy(std::string_view setting,
                                                                       const ProxyEnvironment& environment,
                                                                       std::string_view host,
                                                                       std::uint16_t port);

}  // namespace reeld
