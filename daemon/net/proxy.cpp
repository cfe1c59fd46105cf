#include "net/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "core/ascii.hpp"
#include "core/percent.hpp"
#include "http/base64.hpp"
#include "http/proxy_text.hpp"
#include "http/url.hpp"

namespace reeld {
namespace {

struct Address {
  std::array<unsigned char, 16> bytes{};
  unsigned bits = 0;  // 32 or 128
};

std::optional<Address> parse_address(std::string_view text) {
  const std::string copy(text);
  Address out;
  if (inet_pton(AF_INET, copy.c_str(), out.bytes.data()) == 1)
    out.bits = 32;
  else if (inet_pton(AF_INET6, copy.c_str(), out.bytes.data()) == 1)
    out.bits = 128;
  return out.bits != 0 ? std::optional(out) : std::nullopt;
}

bool do_first_bits_match(const Address& a, const Address& b, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (std::memcmp(a.bytes.data(), b.bytes.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<unsigned char>(0xff << (8 - bits % 8));
  return (a.bytes[whole] & mask) == (b.bytes[whole] & mask);
}

/// "10.0.0.0/8"
bool is_in_network(std::string_view entry, const std::string& host) {
  const auto slash = entry.find('/');
  if (slash == std::string_view::npos) return false;
  const auto network = parse_address(entry.substr(0, slash));
  const auto address = parse_address(host);
  if (!network || !address || network->bits != address->bits) return false;
  const std::string_view text = entry.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits);
  if (error != std::errc() || end != text.data() + text.size() || bits > network->bits) return false;
  return do_first_bits_match(*network, *address, bits);
}

bool is_name_covered(std::string_view pattern, std::string_view host) {
  if (pattern.starts_with("*.")) pattern.remove_prefix(1);
  if (pattern.starts_with('.')) pattern.remove_prefix(1);
  if (pattern.empty() || !host.ends_with(pattern)) return false;
  return host.size() == pattern.size() || host[host.size() - pattern.size() - 1] == '.';
}

bool is_covered(std::string_view entry, const std::string& host, std::uint16_t port) {
  if (entry == "*") return true;
  if (is_in_network(entry, host)) return true;
  const auto pattern = parse_host_port(entry);
  if (!pattern || (pattern->port && *pattern->port != port)) return false;
  const auto address = parse_address(host);
  if (!address) return is_name_covered(pattern->host, host);
  const auto other = parse_address(pattern->host);
  return other && other->bits == address->bits && other->bytes == address->bytes;
}

bool is_exempt(std::string_view no_proxy, const std::string& host, std::uint16_t port) {
  while (!no_proxy.empty()) {
    const auto end = std::min(no_proxy.find_first_of(", "), no_proxy.size());
    if (is_covered(trim_blanks(no_proxy.substr(0, end)), host, port)) return true;
    no_proxy.remove_prefix(std::min(end + 1, no_proxy.size()));
  }
  return false;
}

using Choice = std::variant<std::optional<ProxyAddress>, ProxyComplaint>;

/// `source` is where the text stands, for the complaint.
Choice read_proxy(std::string_view text, std::string_view source) {
  auto parsed = parse_proxy(text);
  if (const auto* const reason = std::get_if<std::string>(&parsed))
    return ProxyComplaint{std::string(source) + ": " + *reason};
  auto& found = std::get<ProxyText>(parsed);
  ProxyAddress proxy{std::move(found.host), found.port, ""};
  std::string credentials = decode_percent(found.user);
  if (!credentials.empty() && found.user.find(':') == std::string::npos) credentials += ':';
  if (!credentials.empty()) proxy.authorization = "Basic " + encode_base64(credentials);
  return std::optional(std::move(proxy));
}

}  // namespace

std::variant<std::optional<ProxyAddress>, ProxyComplaint> choose_proxy(std::string_view setting,
                                                                       const ProxyEnvironment& environment,
                                                                       std::string_view host,
                                                                       std::uint16_t port) {
  std::string name = to_lower(host);
  if (name.ends_with('.')) name.pop_back();
  if (is_loopback_host(name)) return std::nullopt;
  if (!trim_blanks(setting).empty()) return read_proxy(setting, "api.proxy");
  if (trim_blanks(environment.https_proxy).empty()) return std::nullopt;
  if (is_exempt(environment.no_proxy, name, port)) return std::nullopt;
  return read_proxy(environment.https_proxy, "HTTPS_PROXY");
}

}  // namespace reeld
