#include "http/listen_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/port.hpp"

namespace reeld {
namespace {

bool is_address(const std::string& host) {
  in_addr v4{};
  if (host == "localhost" || ::inet_pton(AF_INET, host.c_str(), &v4) == 1) return true;
  if (host.size() < 2 || host.front() != '[' || host.back() != ']') return false;
  in6_addr v6{};
  return ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6) == 1;
}

}  // namespace

std::variant<std::string, ListenComplaint> parse_listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  std::string host(colon == std::string_view::npos ? std::string_view{} : text.substr(0, colon));
  if (host.empty()) host = "127.0.0.1";
  if (!parse_port(port)) {
    return ListenComplaint{"must end in a port from 1 to 65535, such as \"127.0.0.1:9465\""};
  }
  if (!is_address(host)) {
    return ListenComplaint{
        "must begin with an IP address (IPv6 in brackets) or localhost, such as \"127.0.0.1:9465\""};
  }
  return host + ":" + std::string(port);
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address.starts_with("localhost:") || address.starts_with("[::1]:");
}

}  // namespace reeld
