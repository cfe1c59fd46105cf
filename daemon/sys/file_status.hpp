#pragma once
// What stands under a name in a folder, or behind a descriptor: cheap enough to be asked for every name there
// is.

#include <string>

#include "core/file_identity.hpp"

namespace reeld {

struct FileStatus {
  FileIdentity identity;
  bool is_regular = false;
  bool is_folder = false;
  std::uint64_t links = 0;  // how many names it has
};

struct StatusAnswer {
  int code = 0;  // errno; 0: `status` holds
  FileStatus status;
};

/// Does not follow a link, and does not open the file.
StatusAnswer look_up_status(int folder_fd, const std::string& name);
StatusAnswer read_status(int fd);

/// When it was made, in nanoseconds since the epoch (statx(2), stx_btime): no program can set that. 0: it is
/// not there, or its file system does not tell.
std::int64_t read_birth(int folder_fd, const std::string& name);

/// Of an open folder; zeros where it cannot be asked.
FolderIdentity identify_folder(int fd);

}  // namespace reeld
