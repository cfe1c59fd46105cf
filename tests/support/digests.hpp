#pragma once
// The digests of a pair's files, as the ledger has them.

#include <string>

#include "core/known_job.hpp"
#include "sys/content_hash.hpp"
#include "sys/safe_open.hpp"

namespace reeld::test {

inline std::optional<ContentDigest> digest_name(int folder_fd, const std::string& name, std::uint64_t seed) {
  auto opened = open_file_beneath(folder_fd, name);
  const auto* const file = std::get_if<OpenFile>(&opened);
  return file == nullptr ? std::nullopt : digest_file(file->fd.get(), file->identity.size, seed);
}

inline PairDigests digest_pair(int folder_fd, const std::string& stem, std::uint64_t seed) {
  return {digest_name(folder_fd, stem + ".txt", seed), digest_name(folder_fd, stem + ".png", seed)};
}

}  // namespace reeld::test
