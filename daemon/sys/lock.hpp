#pragma once
// One daemon a spool: an exclusive lock on `.reeld/lock` in it, whose mode is 0600, so that nobody but the
// spool's keeper can take it: whoever may read the folder may lock the folder itself. It dies with the
// process, and is the same by whichever path the folder is reached.
//
// It is a lock of the open file description (fcntl(2), F_OFD_SETLK): local file systems, NFS and CIFS have
// it.

#include <string_view>
#include <variant>

#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// `.reeld` and the file are made where they are missing; no link is followed. Held by the descriptor that is
/// returned and by nothing else. Errors: `code` is EWOULDBLOCK where another process holds it.
std::variant<UniqueFd, SysError> lock_spool_folder(int folder_fd, std::string_view path);

/// The same, and nothing is made: ENOENT where there is no such file yet.
std::variant<UniqueFd, SysError> lock_used_spool_folder(int folder_fd, std::string_view path);

/// Whether another process holds it. Takes nothing, not for an instant, where the file system can tell.
bool is_spool_folder_locked(int folder_fd);

}  // namespace reeld
