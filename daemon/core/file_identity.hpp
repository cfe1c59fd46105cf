#pragma once
// A file's stamp: everything that the system tells of a file without reading it. Two stamps that are equal
// in all of it are of one file whose content has not changed (core/known_job says when that is proof).
// Device and inode alone are not: a file system gives the inode of a removed file to the next one.

#include <compare>
#include <cstdint>

namespace reeld {

struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;  // since the epoch; any program can set it
  std::int64_t born_ns = 0;   // when it was made; 0: its file system does not tell
  std::int64_t ctime_ns = 0;  // of the last change to content or attributes; no program can set it
  auto operator<=>(const FileIdentity&) const = default;
};

/// The very same file, whatever has become of its content and its name. Where birth times are not told, the
/// inode alone has to do, and may be that of a later file.
constexpr bool is_same_file(const FileIdentity& one, const FileIdentity& other) {
  return one.device == other.device && one.inode == other.inode && one.born_ns == other.born_ns;
}

/// The very same file, and no sign of a change to its content: at most its times differ. A rewrite in place
/// that keeps the size looks like this, too: only reading it tells.
constexpr bool may_be_touched_only(const FileIdentity& one, const FileIdentity& other) {
  return is_same_file(one, other) && one.size == other.size;
}

/// Both files of a pair.
struct PairIdentity {
  FileIdentity prompt;
  FileIdentity image;
  auto operator<=>(const PairIdentity&) const = default;
};

constexpr bool is_same_file(const PairIdentity& one, const PairIdentity& other) {
  return is_same_file(one.prompt, other.prompt) && is_same_file(one.image, other.image);
}

/// A folder by what stays the same when it is renamed.
struct FolderIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t born_ns = 0;  // 0: not told
  auto operator<=>(const FolderIdentity&) const = default;
};

}  // namespace reeld
