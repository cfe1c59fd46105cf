#pragma once
// The stems of one folder, with the files that each has.

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/never_inputs.hpp"
#include "core/pairing.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

struct StemFiles {
  std::vector<std::string> prompts;  // file names, sorted
  std::vector<std::string> images;
  std::vector<std::string> results;
};

struct FolderListing {
  std::map<std::string, StemFiles> stems;
  std::vector<std::string> folders;  // names, sorted; hidden and ignored ones left out
};

/// `path` is for messages only. Hidden names and names that are none of ours are left out. Links and pipes
/// count, as they do for the daemon: what they are is seen when they are opened.
std::variant<FolderListing, SysError> list_stems(int folder_fd, const std::string& path,
                                                 const IgnoredFolders& ignored = {});

StemState judge(const std::string& stem, const StemFiles& files);

}  // namespace reeld
