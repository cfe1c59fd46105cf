#pragma once
// One scan: walks a folder and what lies below it, watches each before it is read, and tells of the inputs
// whose stems have no result. Finished pairs cost a hash each while their folder is read, and nothing
// afterwards.
//
// Threads: runs on one thread, `deliver` is called there; blocking. Cancelled between buffers of names.

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

#include "core/never_inputs.hpp"
#include "sys/inotify.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// From here on, until FolderRead or FolderFailed, everything is about this folder.
struct FolderOpened {
  std::string path;             // relative to the spool
  std::optional<int> watch;     // nullopt where it could not be watched
  std::int64_t changed_ns = 0;  // its mtime and birth, since the epoch; 0: not known
  std::int64_t born_ns = 0;
};
/// Inputs of stems without a result.
struct NamesFound {
  std::vector<std::string> names;
};
struct FolderRead {
  bool has_odd_names = false;  // of inputs, finished ones too: an extension that is not in lower case
};
/// `path` was not opened, or not read to its end.
struct FolderFailed {
  std::string path;
  SysError error;
};
/// Events do not serve, for people: why. Once a scan for each reason.
struct PollingNeeded {
  std::string reason;
};
using ScanMessage = std::variant<FolderOpened, NamesFound, FolderRead, FolderFailed, PollingNeeded>;

struct ScanTask {
  int root_fd = -1;                  // the spool
  const Inotify* inotify = nullptr;  // nullptr: nothing is watched
  std::string folder;                // where to begin, "" for the spool itself
  bool is_recursive = true;
  std::uint64_t seed = 0;
  IgnoredFolders ignored;
};

using DeliverMessages = std::function<void(std::vector<ScanMessage>)>;

/// Also removes temporary files that a killed reeld left behind.
void scan_tree(const ScanTask& task, const std::stop_token& cancelled, const DeliverMessages& deliver);

}  // namespace reeld
