#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "core/job_name.hpp"

namespace reeld {

/// Pairs that wait for a person's word since this was last asked.
struct MassNews {
  std::size_t held = 0;                      // of one scan, or of arriving folders
  std::map<std::string, std::size_t> where;  // how many of them by folder
  std::vector<JobName> duplicates;           // copies, each to be said
};

}  // namespace reeld
