#pragma once
// A pair whose two files were found complete: what intake hands over.

#include <cstdint>
#include <string>

#include "core/file_identity.hpp"
#include "core/job_name.hpp"

namespace reeld {

struct ReadyPair {
  JobName job;
  std::string prompt_name;  // the two file names, in the job's folder
  std::string image_name;
  PairIdentity identity;
  bool keeps_stamps = false;   // its file system keeps inodes and ctime: a stamp may prove a content
  std::int64_t age_ns = 0;     // the later of both mtimes, since the epoch: the oldest pair goes first
  bool is_found = false;       // by a scan that is not over
  std::uint64_t arriving = 0;  // the number of a folder that is being filled since it has appeared, or 0
  bool must_read = false;      // copies of what was not sent yet count: only both contents tell
};

}  // namespace reeld
