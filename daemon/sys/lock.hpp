#pragma once
// One daemon a spool: an exclusive lock on `.reeld/lock` in it, whose mode is 0600, so that nobody but the
// spool's keeper can take it: whoever may read the folder may lock the folder itself. It dies with the
// process, and is the same by whichever path the folder is reached.
//
// Source: flock(2), which NFS and CIFS have, too. The descriptor can only read where that will do, so that
// the disk can still be mounted read-only.

#include <string_view>
#include <variant>

#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// The open file's exclusive lock. 0 or errno: EWOULDBLOCK where another holds it for longer than a moment,
/// for `is_locked` holds it for an instant.
int take_lock(int fd);

/// Whether another holds the open file's lock. Shares it for an instant to find out.
bool is_locked(int fd);

/// `.reeld` and the file are made where they are missing; no link is followed. Held by the descriptor that is
/// returned and by nothing else. Errors: `code` is EWOULDBLOCK where another process holds it.
std::variant<UniqueFd, SysError> lock_spool_folder(int folder_fd, std::string_view path);

/// The same, and nothing is made: ENOENT where there is no such file yet.
std::variant<UniqueFd, SysError> lock_used_spool_folder(int folder_fd, std::string_view path);

/// Whether another process holds it.
bool is_spool_folder_locked(int folder_fd);

}  // namespace reeld
