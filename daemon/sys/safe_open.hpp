#pragma once
// Opening beneath the spool without following links (sys/open_beneath), O_NONBLOCK, and regular files only,
// so that neither a link nor a FIFO dropped into the spool can lead reeld anywhere.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "core/file_identity.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

struct OpenFile {
  UniqueFd fd;
  FileIdentity identity;
};

/// A regular file for reading, `path` relative to `root_fd`. Errors: not a regular file, a link on the way,
/// too long, ...
std::variant<OpenFile, SysError> open_file_beneath(int root_fd, std::string_view path);
/// A folder; "" is the root itself (a new descriptor of it).
std::variant<UniqueFd, SysError> open_folder_beneath(int root_fd, std::string_view path);

/// What fstat says of an open file now.
std::variant<FileIdentity, SysError> identify(int fd, std::string_view path);
/// What stands under that name now, without opening it or following a link.
std::variant<FileIdentity, SysError> identify_beneath(int root_fd, std::string_view path);

}  // namespace reeld
