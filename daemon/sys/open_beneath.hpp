#pragma once
// Opening beneath a folder: no link is followed, on the way or at its end, and no path leads out.
//
// Errors: as openat(2): -1 and errno; ELOOP for a link on the way, EXDEV for a way out.
// Source: openat2(2), RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS. A kernel before 5.6 has no openat2, and a
// sandbox may forbid it (systemd's RestrictSUIDSGID= does, for its flags are out of a filter's sight): then
// the path is walked.

#include <string>

namespace reeld {

/// `path` is relative, "." is the folder itself. `flags` as of open(2), of those that create nothing.
int open_beneath(int root_fd, const std::string& path, int flags);

/// The same, a folder at a time. Stricter in one thing: no ".." at all.
int walk_beneath(int root_fd, const std::string& path, int flags);

}  // namespace reeld
