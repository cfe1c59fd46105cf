#include "http/proxy_text.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "http/port.hpp"

namespace reeld {
namespace {

constexpr std::string_view form = "write it as http://[user:password@]host[:port]";

// The kinds that people try. No other word is repeated: what stands before "://" may be a password.
bool is_known_scheme(std::string_view scheme) {
  constexpr std::array<std::string_view, 6> known{"https", "socks", "socks4", "socks4a", "socks5", "socks5h"};
  return std::ranges::find(known, scheme) != known.end();
}

std::string refuse_scheme(const std::string& scheme) {
  if (!is_known_scheme(scheme)) return "a proxy begins with \"http://\"; " + std::string(form);
  return "a proxy of the kind \"" + scheme + "\" is not supported; " + std::string(form);
}

// More than one colon, and no address: a password may be in it ("bob:secret:proxy.example").
bool is_host(std::string_view text) {
  if (text.empty() || text.find_first_of("/?# \t") != std::string_view::npos) return false;
  return text.find(':') == std::string_view::npos ||
         text.find_first_not_of("0123456789abcdef:.") == std::string_view::npos;
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(end + 1);
    HostPort out{to_lower(text.substr(1, end - 1)), std::nullopt};
    if (rest.empty()) return out;
    out.port = rest.front() == ':' ? parse_port(rest.substr(1)) : std::nullopt;
    return out.port ? std::optional(out) : std::nullopt;
  }
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
    return HostPort{to_lower(text), std::nullopt};
  const auto port = parse_port(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return HostPort{to_lower(text.substr(0, colon)), port};
}

std::variant<ProxyText, std::string> parse_proxy(std::string_view text) {
  std::string_view rest = trim_blanks(text);
  const auto scheme_end = rest.find("://");
  if (scheme_end != std::string_view::npos) {
    const std::string scheme = to_lower(rest.substr(0, scheme_end));
    if (scheme != "http") return refuse_scheme(scheme);
    rest.remove_prefix(scheme_end + 3);
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const auto at = rest.rfind('@');
  const std::string_view user = at == std::string_view::npos ? std::string_view() : rest.substr(0, at);
  const auto parsed = parse_host_port(at == std::string_view::npos ? rest : rest.substr(at + 1));
  if (!parsed || !is_host(parsed->host)) return "this is not a proxy's address; " + std::string(form);
  return ProxyText{std::string(user), parsed->host, parsed->port.value_or(80)};
}

}  // namespace reeld
