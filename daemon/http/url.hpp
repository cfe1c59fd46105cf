#pragma once
// The API's URL: where /v1/videos is. https only; http to loopback, and to hosts that are named as those that
// may be spoken to so.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reeld {

struct ApiUrl {
  std::string text;  // as it was written; there may be secrets in its query
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string
      target;  // "/v1/videos", below any path that the URL has; or the path itself, ending in "/videos"
  std::string query;  // as it was written, without its "?"; "" : none
  std::string
      host_header;  // host, in brackets where it is IPv6, with the port where it is not the scheme's own
  bool operator==(const ApiUrl&) const = default;
  /// target[?query], for a request's first line.
  std::string request_target() const;
  /// scheme://host[:port]/target[?query], for logs and messages: "[secret]" stands for each value in the
  /// query whose name says that it is one (core/secrets).
  std::string videos_url() const;
  /// Those values, as they were written and decoded.
  std::vector<std::string> query_secrets() const;
};

struct UrlComplaint {
  std::string reason;  // for people: what is wrong and what to write instead
};

/// `text` is an API's root, with or without its "/v1", or the address of its videos, whose path ends in
/// "/videos" and is taken as it is. A "/" at its end does not count. User names and fragments are
/// refused; so is http, but to loopback and to `allow_http`: names and addresses, in any case.
std::variant<ApiUrl, UrlComplaint> parse_api_url(std::string_view text,
                                                 std::span<const std::string> allow_http = {});

/// Whether the host is "localhost" or a loopback address (127.0.0.0/8, ::1).
bool is_loopback_host(std::string_view host);

/// Whether that is a host's name or an address, without brackets, port or anything else.
bool is_host(std::string_view text);

}  // namespace reeld
