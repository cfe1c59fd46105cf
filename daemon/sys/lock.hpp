#pragma once
// One daemon a spool: an exclusive lock (flock) on the spool's directory itself, which dies with the process
// and is the same by whichever path the folder is reached.

#include <string_view>
#include <variant>

#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// Held by the descriptor that is returned (an open description of its own) and by nothing else.
/// Errors: `code` is EWOULDBLOCK where another process holds it.
std::variant<UniqueFd, SysError> lock_folder(std::string_view path);

/// What `lock_folder` falls back to on file systems where a folder cannot be locked (NFS): an
/// open-file-description lock on `.reeld/lock` in it, which is made if it is missing. Same errors.
std::variant<UniqueFd, SysError> lock_file_in_folder(int folder_fd, std::string_view path);

}  // namespace reeld
