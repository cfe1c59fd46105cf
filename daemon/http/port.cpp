#include "http/port.hpp"

#include <charconv>

namespace reeld {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || port == 0)
    return std::nullopt;
  return port;
}

}  // namespace reeld
