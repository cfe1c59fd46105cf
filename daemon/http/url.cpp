#include "http/url.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <ranges>

#include "core/ascii.hpp"
#include "core/key_mask.hpp"
#include "core/percent.hpp"
#include "core/secrets.hpp"
#include "http/port.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_url = 2048;
constexpr std::size_t max_host = 253;
constexpr std::size_t max_label = 63;
constexpr std::string_view videos_path = "/v1/videos";

bool is_hex_digit(char c) {
  return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

// Source: RFC 3986 3.3 (pchar and "/"), without the percent sign.
bool is_path_character(char c) {
  return is_digit(c) || is_letter(c) ||
         std::string_view("-._~!$&'()*+,;=:@/").find(c) != std::string_view::npos;
}

// Source: RFC 3986 3.4.
bool is_query_character(char c) {
  return is_path_character(c) || c == '?';
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// What is wrong with the text as a whole; the text itself is not repeated, because it may hold a password.
std::optional<std::string> find_fault_in_text(std::string_view text) {
  if (text.empty()) return "must be the API's URL, such as \"https://api.example.com\"; it is empty";
  if (text.size() > max_url) return "is longer than 2048 characters";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return "holds a character that is not ASCII; write an international name in its \"xn--\" form, "
             "and anything else percent-encoded";
    }
    if (c <= ' ' || c == 0x7f) return "holds a space or a control character; remove it";
    if (c == '\\') return "holds a backslash; write \"/\"";
  }
  return std::nullopt;
}

std::optional<std::string> find_fault_in_label(std::string_view label) {
  if (label.empty())
    return "has an empty part in its host name (two dots, or a dot at an end); remove the dot";
  if (label.size() > max_label) return "has a part of more than 63 characters in its host name";
  for (const char c : label) {
    if (!is_digit(c) && !is_letter(c) && c != '-' && c != '_') {
      return std::string("has \"") + c + "\" in its host name; letters, digits, \"-\" and \".\" can be there";
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_fault_in_name(const std::string& host) {
  if (host.size() > max_host) return "has a host name of more than 253 characters";
  std::string_view rest = host;
  std::string_view label;
  for (bool more = true; more;) {
    const auto dot = rest.find('.');
    more = dot != std::string_view::npos;
    label = rest.substr(0, dot);
    if (auto fault = find_fault_in_label(label)) return fault;
    if (more) rest.remove_prefix(dot + 1);
  }
  // A last part of digits is an IPv4 address or nothing (WHATWG URL 3.5): "1.2.3" must not be guessed at.
  if (std::all_of(label.begin(), label.end(), is_digit) && !is_ipv4(host)) {
    return "has a host that looks like an IPv4 address and is none; write four numbers, such as "
           "\"192.0.2.1\"";
  }
  return std::nullopt;
}

// `part` is for people: which of the URL's it is.
std::optional<std::string> find_wrong_character(std::string_view text, bool (*is_right)(char),
                                                const std::string& part) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2])) {
        return "has a \"%\" in its " + part + " that two hexadecimal digits do not follow";
      }
    } else if (!is_right(text[i])) {
      return std::string("has \"") + text[i] + "\" in its " + part + "; write it percent-encoded";
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_fault_in_path(std::string_view path) {
  if (auto fault = find_wrong_character(path, &is_path_character, "path")) return fault;
  if (path.find("//") != std::string_view::npos) return "has \"//\" in its path; write \"/\"";
  const std::string closed = std::string(path) + "/";
  if (closed.find("/./") != std::string::npos || closed.find("/../") != std::string::npos) {
    return "has \".\" or \"..\" in its path; write the path that is meant";
  }
  return std::nullopt;
}

struct Authority {
  std::string host;
  std::optional<std::string_view> port;
};

std::variant<Authority, UrlComplaint> split_authority(std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    return UrlComplaint{
        "has a user name or password before \"@\"; remove them: the API key is not part of the URL"};
  }
  std::string_view host = text;
  std::string_view after;
  const bool is_bracketed = text.starts_with('[');
  if (is_bracketed) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return UrlComplaint{"has \"[\" without \"]\" around its IPv6 address"};
    host = text.substr(1, end - 1);
    after = text.substr(end + 1);
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    after = text.substr(colon);
  }
  if (host.empty()) return UrlComplaint{"has no host; write \"https://api.example.com\""};
  Authority authority{to_lower(host), std::nullopt};
  if (is_bracketed && !is_ipv6(authority.host))
    return UrlComplaint{"has brackets around what is not an IPv6 address"};
  if (!is_bracketed && after.find(':', 1) != std::string_view::npos) {
    return UrlComplaint{
        "has more than one \":\" after its host; write an IPv6 address in brackets: \"https://[::1]:8443\""};
  }
  if (!is_bracketed) {
    if (auto fault = find_fault_in_name(authority.host)) return UrlComplaint{*fault};
  }
  if (after.empty()) return authority;
  if (after.front() != ':') return UrlComplaint{"has something other than a port after its IPv6 address"};
  authority.port = after.substr(1);
  return authority;
}

// Some gateways have their version elsewhere, and so their videos at no /v1/videos.
std::string make_target(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with("/videos")) return std::string(path);
  if (path.ends_with("/v1")) path.remove_suffix(3);
  return std::string(path) + std::string(videos_path);
}

std::optional<std::size_t> find_scheme_end(std::string_view text, bool& tls) {
  const std::string lower = to_lower(text.substr(0, 8));
  tls = !lower.starts_with("http://");
  if (!tls) return 7;
  if (lower == "https://") return 8;
  return std::nullopt;
}

UrlComplaint complain_of_scheme(std::string_view text) {
  // The text is repeated only where it can be a host and a path: there may be a password before an "@", and a
  // key in a query.
  const bool is_plain = text.find(":/") == std::string_view::npos &&
                        text.find_first_of("@?") == std::string_view::npos && !text.starts_with('/') &&
                        text.size() <= 60;
  const std::string example = is_plain ? std::string(text) : "api.example.com";
  return {"must begin with \"https://\"; write \"https://" + example + "\""};
}

/// "name=value" of a query, or a name alone.
struct QueryPart {
  std::string_view name;
  std::string_view value;
  bool is_secret() const { return !value.empty() && names_secret(decode_percent(name)); }
};

std::vector<QueryPart> split_query(std::string_view query) {
  std::vector<QueryPart> parts;
  for (bool more = !query.empty(); more;) {
    const auto end = query.find('&');
    more = end != std::string_view::npos;
    const std::string_view part = query.substr(0, end);
    const auto equals = std::min(part.find('='), part.size());
    parts.push_back({part.substr(0, equals), part.substr(std::min(equals + 1, part.size()))});
    if (more) query.remove_prefix(end + 1);
  }
  return parts;
}

std::string mask_query(std::string_view query) {
  std::string out(query);
  for (const QueryPart& part : split_query(query) | std::views::reverse) {
    if (part.is_secret())
      out.replace(static_cast<std::size_t>(part.value.data() - query.data()), part.value.size(), secret_mark);
  }
  return out;
}

// Whatever their spelling: "::1" and "0:0:0:0:0:0:0:1" are one address.
bool is_same_host(const std::string& one, const std::string& other) {
  in6_addr a{};
  in6_addr b{};
  const bool are_ipv6 =
      ::inet_pton(AF_INET6, one.c_str(), &a) == 1 && ::inet_pton(AF_INET6, other.c_str(), &b) == 1;
  return are_ipv6 ? IN6_ARE_ADDR_EQUAL(&a, &b) : to_lower(one) == to_lower(other);
}

UrlComplaint complain_of_http(const std::string& host) {
  return {"is http, where the API key could be read on its way; write \"https://" +
          (is_ipv6(host) ? "[" + host + "]" : host) +
          "\", or, where the network between can be trusted, name the host under [api]: allow_http = [\"" +
          host + "\"]"};
}

}  // namespace

std::string ApiUrl::request_target() const {
  return query.empty() ? target : target + "?" + query;
}

std::string ApiUrl::videos_url() const {
  return (tls ? "https://" : "http://") + host_header + target + (query.empty() ? "" : "?") +
         mask_query(query);
}

std::vector<std::string> ApiUrl::query_secrets() const {
  std::vector<std::string> secrets;
  for (const QueryPart& part : split_query(query)) {
    if (!part.is_secret()) continue;
    secrets.emplace_back(part.value);
    secrets.push_back(decode_percent(part.value));
  }
  return secrets;
}

std::variant<ApiUrl, UrlComplaint> parse_api_url(std::string_view text,
                                                 std::span<const std::string> allow_http) {
  if (auto fault = find_fault_in_text(text)) return UrlComplaint{*fault};
  ApiUrl url;
  url.text = text;
  const auto scheme_end = find_scheme_end(text, url.tls);
  if (!scheme_end) return complain_of_scheme(text);
  const std::string_view rest = text.substr(*scheme_end);
  if (rest.find('#') != std::string_view::npos) return UrlComplaint{"has a fragment (\"#...\"); remove it"};
  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  const auto path_end = std::min(rest.find('?'), rest.size());
  auto split = split_authority(rest.substr(0, authority_end));
  if (auto* complaint = std::get_if<UrlComplaint>(&split)) return *complaint;
  const auto& authority = std::get<Authority>(split);
  const std::string_view path = rest.substr(authority_end, path_end - authority_end);
  if (auto fault = find_fault_in_path(path)) return UrlComplaint{*fault};
  url.query = rest.substr(std::min(path_end + 1, rest.size()));
  if (auto fault = find_wrong_character(url.query, &is_query_character, "query")) return UrlComplaint{*fault};

  const std::uint16_t usual_port = url.tls ? 443 : 80;
  url.port = usual_port;
  if (authority.port) {
    const auto port = parse_port(*authority.port);
    if (!port) return UrlComplaint{"has a port that is not a number from 1 to 65535"};
    url.port = *port;
  }
  url.host = authority.host;
  const bool may_be_http =
      is_loopback_host(url.host) || std::ranges::any_of(allow_http, [&](const std::string& allowed) {
        return is_same_host(allowed, url.host);
      });
  if (!url.tls && !may_be_http) return complain_of_http(url.host);
  url.host_header = url.host.find(':') != std::string::npos ? "[" + url.host + "]" : url.host;
  if (url.port != usual_port) url.host_header += ":" + std::to_string(url.port);
  url.target = make_target(path);
  return url;
}

bool is_loopback_host(std::string_view host) {
  const std::string name = to_lower(host);
  if (name == "localhost") return true;
  in_addr v4{};
  if (::inet_pton(AF_INET, name.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, name.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

bool is_host(std::string_view text) {
  const std::string host = to_lower(text);
  return is_ipv6(host) || (!host.empty() && !find_fault_in_name(host));
}

}  // namespace reeld
