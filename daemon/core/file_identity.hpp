#pragma once
// What tells one file from another, wherever it is moved: a job is known by the identities of its two files.

#include <compare>
#include <cstdint>

namespace reeld {

struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  // since the epoch
  auto operator<=>(const FileIdentity&) const = default;
};

/// Both files of a pair.
struct PairIdentity {
  FileIdentity prompt;
  FileIdentity image;
  auto operator<=>(const PairIdentity&) const = default;
};

}  // namespace reeld
