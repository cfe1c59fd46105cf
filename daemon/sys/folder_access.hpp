#pragma once
// Whether this process can make files in a folder, as the kernel would decide it: by the effective user and
// groups, access control lists, a file system that is mounted read-only, a folder that is immutable.
//
// Threads: blocking, on any thread; what is to be done about it asks the system's user database.

#include <string>

namespace reeld {

/// errno: why no file can be made there; 0 if one can, or if nobody can tell. A sticky folder is no
/// hindrance: it keeps nobody from making files. Full disks and quotas are seen by writing alone.
int find_hindrance(int folder_fd);

/// What a person can do about that, as one command or two where there are such: "chmod g+w '/srv/films/a'".
/// `path` is the folder's own.
std::string describe_cure(int folder_fd, const std::string& path, int hindrance);

/// In single quotes, unless there is nothing in it that a shell would mind.
std::string quote_for_shell(const std::string& text);

}  // namespace reeld
