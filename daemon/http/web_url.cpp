#include "http/web_url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/ascii.hpp"
#include "http/port.hpp"
#include "http/url.hpp"

namespace reeld {
namespace {

constexpr std::size_t longest_web_url = 8192;

using Parsed = std::variant<WebUrl, WebUrlComplaint>;

constexpr std::uint16_t usual_port(bool tls) {
  return tls ? 443 : 80;
}

/// In the form that RFC 5952 recommends; other text stays as it is.
std::string shorten_ipv6(const std::string& host) {
  in6_addr address{};
  if (::inet_pton(AF_INET6, host.c_str(), &address) != 1) return host;
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET6, &address, text.data(), text.size());
  return text.data();
}

std::optional<std::string> find_web_fault(std::string_view text) {
  if (text.size() > longest_web_url) return "is longer than 8192 characters";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return "holds a control character";
    if (c == '\\') return "holds a backslash";
  }
  return std::nullopt;
}

/// As browsers send it: what may not stand in a request's first line is percent-encoded.
std::string encode_rest(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain =
        byte > ' ' && byte < 0x7f && std::string_view("\"<>^`{|}").find(c) == std::string::npos;
    if (is_plain) {
      out += c;
    } else {
      out.append({'%', digits[byte >> 4], digits[byte & 15U]});
    }
  }
  return out;
}

/// Source: RFC 3986 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());  // the path begins with "/"
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment != "/." && segment != "/..") {
      out += segment;
      continue;
    }
    if (segment == "/..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (path.empty()) out += '/';
  }
  return out.empty() ? "/" : out;
}

/// `path` as it stands in the text, and what follows it.
std::string join_target(std::string_view path_and_query) {
  const auto mark = std::min(path_and_query.find('?'), path_and_query.size());
  const std::string_view path = path_and_query.substr(0, mark);
  const std::string target = remove_dot_segments(path.empty() ? "/" : encode_rest(path));
  return target + encode_rest(path_and_query.substr(mark));
}

/// "host[:port]" of `authority`.
std::optional<WebUrlComplaint> read_authority(std::string_view authority, WebUrl& into) {
  if (authority.find('@') != std::string_view::npos) return WebUrlComplaint{"has a user name or password"};
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return WebUrlComplaint{"has \"[\" without \"]\""};
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (host.find(':') == std::string_view::npos)
      return WebUrlComplaint{"has brackets around no IPv6 address"};
  } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (!is_host(host)) return WebUrlComplaint{"has no host, or one that is none"};
  into.host = shorten_ipv6(to_lower(host));
  into.port = usual_port(into.tls);
  if (port.empty() || port == ":") return std::nullopt;
  const auto number = port.front() == ':' ? parse_port(port.substr(1)) : std::nullopt;
  if (!number) return WebUrlComplaint{"has a port that is not a number from 1 to 65535"};
  into.port = *number;
  return std::nullopt;
}

/// From "//host/path?query" on.
Parsed read_network_path(bool tls, std::string_view text) {
  WebUrl url;
  url.tls = tls;
  const std::string_view rest = text.substr(2);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  if (auto complaint = read_authority(rest.substr(0, end), url)) return *complaint;
  url.target = join_target(rest.substr(end));
  return url;
}

/// The scheme of an absolute URL, lower case; "" : it is relative. Source: RFC 3986 3.1.
std::string read_scheme(std::string_view text) {
  const auto end = text.find_first_of(":/?#");
  if (end == std::string_view::npos || end == 0 || text[end] != ':' || !is_letter(text.front())) return {};
  const std::string_view scheme = text.substr(0, end);
  const bool is_scheme = std::ranges::all_of(
      scheme, [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
  return is_scheme ? to_lower(scheme) : std::string();
}

Parsed read_absolute(const std::string& scheme, std::string_view text) {
  if (scheme != "http" && scheme != "https") return WebUrlComplaint{"is neither https nor http"};
  const std::string_view rest = text.substr(scheme.size() + 1);
  if (!rest.starts_with("//")) return WebUrlComplaint{"has no host"};
  return read_network_path(scheme == "https", rest);
}

/// Source: RFC 3986 5.2.2, 5.2.3.
std::string merge(const WebUrl& base, std::string_view reference) {
  const std::string_view path = std::string_view(base.target).substr(0, base.target.find('?'));
  if (reference.starts_with('?')) return std::string(path) + std::string(reference);
  return std::string(path.substr(0, path.rfind('/') + 1)) + std::string(reference);
}

}  // namespace

std::string WebUrl::host_header() const {
  std::string out = host.find(':') != std::string::npos ? "[" + host + "]" : host;
  if (port != usual_port(tls)) out += ":" + std::to_string(port);
  return out;
}

std::string WebUrl::origin() const {
  return (tls ? "https://" : "http://") + host_header();
}

bool is_same_origin(const WebUrl& one, const WebUrl& other) {
  return one.tls == other.tls && one.port == other.port && one.host == other.host;
}

Parsed parse_web_url(std::string_view text) {
  text = trim_blanks(text);
  if (auto fault = find_web_fault(text)) return WebUrlComplaint{*fault};
  text = text.substr(0, text.find('#'));
  const std::string scheme = read_scheme(text);
  if (scheme.empty()) return WebUrlComplaint{"is not an absolute one"};
  return read_absolute(scheme, text);
}

Parsed resolve_reference(const WebUrl& base, std::string_view reference) {
  reference = trim_blanks(reference);
  if (auto fault = find_web_fault(reference)) return WebUrlComplaint{*fault};
  reference = reference.substr(0, reference.find('#'));
  if (const std::string scheme = read_scheme(reference); !scheme.empty())
    return read_absolute(scheme, reference);
  if (reference.starts_with("//")) return read_network_path(base.tls, reference);
  WebUrl url = base;
  if (reference.empty()) return url;
  url.target = join_target(reference.starts_with('/') ? std::string(reference) : merge(base, reference));
  return url;
}

}  // namespace reeld
