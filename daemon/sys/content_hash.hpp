#pragma once
// The digest of a file's content (XXH3, 128 bits, seeded): not cryptographic, and fast enough to be made of
// every byte that is sent.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/content_digest.hpp"

struct XXH3_state_s;

namespace reeld {

/// Of content that comes in pieces.
class ContentHash {
 public:
  explicit ContentHash(std::uint64_t seed);
  void add(std::span<const std::byte> bytes);
  /// Of all that was added so far.
  ContentDigest digest() const;
  /// As if nothing had been added.
  void restart();

 private:
  struct Free {
    void operator()(XXH3_state_s* state) const;
  };
  std::uint64_t seed_;
  std::unique_ptr<XXH3_state_s, Free> state_;
};

ContentDigest digest_bytes(std::span<const std::byte> bytes, std::uint64_t seed);

/// Of the file's first `size` bytes; nullopt where there are fewer, or they cannot be read. Blocks; leaves
/// the file's position alone.
std::optional<ContentDigest> digest_file(int fd, std::uint64_t size, std::uint64_t seed);

}  // namespace reeld
