#pragma once
// Where a GET goes: the URL of a download, or of what a redirect leads to.
//
// Threads: pure. Source: RFC 3986 3 and 5 (syntax, resolution), RFC 9110 4.3.1 (origins), 10.2.2 (Location).

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace reeld {

struct WebUrl {
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without its brackets, in its shortest form
  std::uint16_t port = 443;
  std::string target = "/";  // path and query, as a request's first line has them; never a fragment

  /// For the Host header: IPv6 in brackets, the port where it is not the scheme's own.
  std::string host_header() const;
  /// scheme://host[:port], for messages: a path or query may hold a signature.
  std::string origin() const;
  bool operator==(const WebUrl&) const = default;
};

/// Scheme, host and port: what nothing secret may leave.
bool is_same_origin(const WebUrl& one, const WebUrl& other);

struct WebUrlComplaint {
  std::string reason;  // for people, behind "the URL"; it never holds the URL
};

/// An absolute URL. What browsers mend in a path or query is mended here: blanks within and bytes that are
/// not ASCII are percent-encoded. A user name, a control character or a backslash is refused.
std::variant<WebUrl, WebUrlComplaint> parse_web_url(std::string_view text);

/// What `reference` (a Location, a link in an answer) means where it was found in the reply to `base`.
std::variant<WebUrl, WebUrlComplaint> resolve_reference(const WebUrl& base, std::string_view reference);

}  // namespace reeld
