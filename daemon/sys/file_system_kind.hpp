#pragma once
// Which file system a folder is on, as far as it matters: network file systems hide the work of other
// machines from inotify and from leases, and some file systems make inodes up.

#include <cstdint>
#include <string_view>
#include <variant>

#include "sys/sys_error.hpp"

namespace reeld {

struct FileSystemKind {
  bool hides_remote_writers = false;
  bool keeps_stamps = true;  // inode and ctime stay what they are, over a mount as well
  std::string_view name;     // "nfs", ...; "" for those that need no care

  /// Who a file belongs to may be what a mount option or another machine says: it tells nothing of who wrote
  /// it.
  bool may_make_owners_up() const { return !name.empty(); }
};

/// `magic` is statfs's f_type.
FileSystemKind classify_file_system(std::uint64_t magic);
/// `path` is for messages only.
std::variant<FileSystemKind, SysError> find_file_system_kind(int fd, std::string_view path);

}  // namespace reeld
