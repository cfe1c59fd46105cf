#pragma once
// Hexadecimal digits of ASCII, in either case.

#include <cstddef>
#include <optional>
#include <string_view>

#include "core/ascii.hpp"

namespace reeld {

/// 0 to 15; -1 where `c` is no such digit.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The number that the first `digits` characters write (at most 8); nullopt where they are not all digits.
constexpr std::optional<unsigned> read_hex(std::string_view text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  unsigned out = 0;
  for (const char c : text.substr(0, digits)) {
    const int value = hex_value(c);
    if (value < 0) return std::nullopt;
    out = out * 16 + static_cast<unsigned>(value);
  }
  return out;
}

}  // namespace reeld
