#pragma once
// A text as the bytes that a reader is fed.

#include <cstddef>
#include <span>
#include <string_view>

namespace reeld {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace reeld
