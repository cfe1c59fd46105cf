#pragma once
// Whether a file can be changed, or another put in its place, by others than root and the user that this
// process is: for what says where money goes, and for keys.
//
// Each name on the way counts, links and their targets included: who may write a folder may rename what is in
// it, but for a sticky folder's, which only its owner and the folder's may. A group counts where anybody else
// is in it; one of the user's own does not (umask 0002). POSIX ACLs are read. What is handed over as a
// descriptor (/dev/stdin, /dev/fd/63) has no way to look at: it alone counts.
//
// Threads: blocking, and not two at a time (the user database).

#include <optional>
#include <string>

namespace reeld {

/// For people: who it is and what to run; nullopt: nobody. `fd` is the open file, `path` what it was opened
/// by. A file that is mounted by itself, read-only, as containers get secrets, is vouched for by who mounted
/// it.
std::optional<std::string> find_other_writers(int fd, const std::string& path);

}  // namespace reeld
