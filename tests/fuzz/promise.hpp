#pragma once
// What a parser promises, whatever it is given.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace reeld {

inline void require(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace reeld
