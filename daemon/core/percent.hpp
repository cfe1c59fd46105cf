#pragma once
// Percent-encoding as URLs have it. Source: RFC 3986 2.1.

#include <string>
#include <string_view>

#include "core/hex.hpp"

namespace reeld {

/// `text` with each "%XX" as the byte that it stands for; a "%" without two such digits stays.
inline std::string decode_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = text[i] == '%' ? read_hex(text.substr(i + 1), 2) : std::nullopt;
    out += code ? static_cast<char>(*code) : text[i];
    if (code) i += 2;
  }
  return out;
}

}  // namespace reeld
