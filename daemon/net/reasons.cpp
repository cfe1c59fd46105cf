#include "net/reasons.hpp"

#include <system_error>

namespace reeld {

std::string tell_duration(milliseconds duration) {
  if (duration.count() % 1000 == 0) return std::to_string(duration.count() / 1000) + " s";
  return std::to_string(duration.count()) + " ms";
}

std::string join_host_port(std::string_view host, std::uint16_t port) {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  std::string text = is_ipv6 ? "[" + std::string(host) + "]" : std::string(host);
  return text + ":" + std::to_string(port);
}

std::string errno_text(int error) {
  return std::generic_category().message(error);
}

ExchangeFailure make_stopping_failure(Stage stage) {
  return {stage, "reeld is stopping", false};
}

ExchangeFailure make_failure(Stage stage, std::string reason) {
  return {stage, std::move(reason), false};
}

ExchangeFailure make_timeout(Stage stage, std::string reason) {
  return {stage, std::move(reason), true};
}

}  // namespace reeld
