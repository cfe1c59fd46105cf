#pragma once
// A count of bytes, so that units live in types and not in names.

#include <compare>
#include <cstdint>

namespace reeld {

struct Bytes {
  std::uint64_t count = 0;
  constexpr auto operator<=>(const Bytes&) const = default;
};

constexpr Bytes kibibytes(std::uint64_t n) {
  return Bytes{n << 10};
}
constexpr Bytes mebibytes(std::uint64_t n) {
  return Bytes{n << 20};
}

}  // namespace reeld
