#pragma once
// From a path on the command line to a job: PATH is a stem, or any file of a pair or of its results.
//
// Errors: CommandFailure.

#include <string>

#include "commands/job/stem_listing.hpp"
#include "commands/ledger/spool_site.hpp"
#include "core/file_identity.hpp"
#include "core/job_name.hpp"
#include "core/ready_pair.hpp"

namespace reeld {

/// What command line and configuration say of the spool that a path lies in.
struct ChosenSpool {
  std::optional<std::string> asked;  // nullopt: the one whose marker is found above the path
  std::string configured;            // the configuration's spool
  std::string named_ledger;          // [ledger] path: it is that spool's; "" where none is set
};

struct JobPath {
  std::string spool;  // absolute
  JobName job;
  std::string named_ledger;  // [ledger] path, where the configuration is this spool's; else ""
  auto operator<=>(const JobPath&) const = default;
};

/// Where a folder lies in its spool.
struct FolderPath {
  std::string spool;   // absolute
  std::string folder;  // relative to it; "" for the spool itself
};

/// `path` is a folder.
FolderPath find_folder_path(const std::string& path, const ChosenSpool& chosen);

JobPath find_job_path(const std::string& path, const ChosenSpool& chosen);

/// The files of a stem that stand in a folder, without reading through it.
StemFiles find_stem_files(int folder_fd, const std::string& stem);

/// Of one prompt and one image. Errors: CommandFailure, also where there are none or more.
ReadyPair identify_pair(int folder_fd, const JobName& job, const StemFiles& files);

}  // namespace reeld
