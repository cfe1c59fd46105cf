#pragma once
// The API's URL: where /v1/videos is. https only, http to loopback alone.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace reeld {

struct ApiUrl {
  std::string text;  // as it was written
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string target;  // "/v1/videos", below any path that the URL has
  std::string
      host_header;  // host, in brackets where it is IPv6, with the port where it is not the scheme's own
  bool operator==(const ApiUrl&) const = default;
  /// scheme://host[:port]/target, for logs and messages.
  std::string videos_url() const;
};

struct UrlComplaint {
  std::string reason;  // for people: what is wrong and what to write instead
};

/// Understands URLs that end in "", "/", "/v1", "/v1/" and "/v1/videos". User names, queries and fragments
/// are refused.
std::variant<ApiUrl, UrlComplaint> parse_api_url(std::string_view text);

/// Whether the host is "localhost" or a loopback address (127.0.0.0/8, ::1).
bool is_loopback_host(std::string_view host);

}  // namespace reeld
