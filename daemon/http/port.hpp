#pragma once
// A TCP port as people write it. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld {

/// 1 to 65535, in digits and nothing else; nullopt for any other text.
std::optional<std::uint16_t> parse_port(std::string_view text);

}  // namespace reeld
