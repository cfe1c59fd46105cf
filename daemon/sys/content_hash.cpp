#include "sys/content_hash.hpp"

#include <unistd.h>
#include <xxhash.h>
// The same digests by the widest vectors that this processor has: half the work.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

#include <algorithm>
#include <cerrno>
#include <new>
#include <vector>

namespace reeld {
namespace {

constexpr std::uint64_t piece = 256 * 1024;

ContentDigest to_digest(XXH128_hash_t hash) {
  return {hash.high64, hash.low64};
}

}  // namespace

void ContentHash::Free::operator()(XXH3_state_s* state) const {
  XXH3_freeState(state);
}

ContentHash::ContentHash(std::uint64_t seed) : seed_(seed), state_(XXH3_createState()) {
  if (!state_) throw std::bad_alloc();
  restart();
}

void ContentHash::restart() {
  XXH3_128bits_reset_withSeed(state_.get(), seed_);
}

void ContentHash::add(std::span<const std::byte> bytes) {
  XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
}

ContentDigest ContentHash::digest() const {
  return to_digest(XXH3_128bits_digest(state_.get()));
}

ContentDigest digest_bytes(std::span<const std::byte> bytes, std::uint64_t seed) {
  return to_digest(XXH3_128bits_withSeed(bytes.data(), bytes.size(), seed));
}

std::optional<ContentDigest> digest_file(int fd, std::uint64_t size, std::uint64_t seed) {
  ContentHash hash(seed);
  std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(piece, size)));
  for (std::uint64_t done = 0; done < size;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - done));
    const ssize_t got = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    hash.add(std::span(buffer).first(static_cast<std::size_t>(got)));
    done += static_cast<std::uint64_t>(got);
  }
  return hash.digest();
}

}  // namespace reeld
