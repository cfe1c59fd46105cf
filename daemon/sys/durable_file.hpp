#pragma once
// Files that appear whole or not at all.

#include <optional>
#include <string>
#include <string_view>

#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// A file on its way: written under a temporary name (a dot name of reeld's own), synced, then given its own.
/// The steps are apart so that many files can take each of them together: where a file system has a journal,
/// the first sync then writes it for all of them. What does not get its name is removed.
///
/// Errors: name the file by `folder_path` and `name`. Threads: one at a time. Lifetime: `folder_fd` is the
/// caller's, and stays open.
class DurableFile {
 public:
  DurableFile(int folder_fd, std::string_view folder_path, std::string_view name);
  ~DurableFile();
  DurableFile(DurableFile&& other) noexcept;
  DurableFile& operator=(DurableFile&&) = delete;

  /// All of it, with mode 0664 and the folder's group where the file system allows either.
  std::optional<SysError> write(std::string_view contents);
  /// fsync, and a checked close.
  std::optional<SysError> sync();
  /// Durability: the contents are on disk from `sync` on; the name is once `sync_folder` has returned.
  std::optional<SysError> rename();

 private:
  int create();
  SysError explain(std::string_view action, int code) const;

  int folder_fd_;
  std::string folder_path_;
  std::string name_;
  std::string temporary_;  // empty: there is none
  UniqueFd fd_;
};

/// All of it, however many calls that takes. Returns the errno of the one that failed; 0: none.
int write_all(int fd, std::string_view contents);

/// The three steps at once.
std::optional<SysError> write_whole(int folder_fd, std::string_view folder_path, std::string_view name,
                                    std::string_view contents);

/// fsync of the folder: after it every rename done in it before survives a power cut. On a file system that
/// cannot sync a folder it has done what can be done, and says nothing.
std::optional<SysError> sync_folder(int folder_fd, std::string_view folder_path);

}  // namespace reeld
