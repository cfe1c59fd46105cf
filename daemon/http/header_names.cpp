#include "http/header_names.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"

namespace reeld {

bool is_header_of_ours(std::string_view name) {
  constexpr std::array<std::string_view, 17> names{"accept",           "accept-encoding", "connection",
                                                   "content-encoding", "content-length",  "content-range",
                                                   "content-type",     "expect",          "host",
                                                   "http2-settings",   "keep-alive",      "te",
                                                   "trailer",          "trailers",        "transfer-encoding",
                                                   "upgrade",          "user-agent"};
  const std::string lower = to_lower(name);
  return lower.starts_with("proxy-") || std::ranges::find(names, lower) != names.end();
}

}  // namespace reeld
