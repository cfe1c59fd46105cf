#pragma once
// The digest of a whole file, as it lies there: what tells one content from another, whatever file holds it.
// 128 bits, seeded by the ledger, so that nobody can prepare two files that have the same one there.

#include <compare>
#include <cstdint>

namespace reeld {

struct ContentDigest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const ContentDigest&) const = default;
};

}  // namespace reeld
