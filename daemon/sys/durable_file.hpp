#pragma once
// Files that appear whole or not at all.

#include <optional>
#include <string>
#include <string_view>

#include "sys/sys_error.hpp"

namespace reeld {

/// Writes `contents` to `name` in the folder `folder_fd`: a temporary file (a dot name of reeld's own), all
/// of it, mode 0664 and the folder's group where the file system allows either, fsync, checked close, rename.
/// On failure nothing is left behind. `folder_path` is for messages only. Durability: the contents are on
/// disk when this returns; the name is once `sync_folder` has returned.
std::optional<SysError> write_whole(int folder_fd, std::string_view folder_path, std::string_view name,
                                    std::string_view contents);

/// fsync of the folder: after it every rename done in it before survives a power cut. On a file system that
/// cannot sync a folder it has done what can be done, and says nothing.
std::optional<SysError> sync_folder(int folder_fd, std::string_view folder_path);

}  // namespace reeld
