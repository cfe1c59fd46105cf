#pragma once
// How many pairs of a spool have no result: by a scan of names alone, nothing is opened but folders.

#include <cstddef>
#include <string>

namespace reeld {

struct PairCounts {
  std::size_t waiting = 0;   // pairs without a result
  std::size_t finished = 0;  // stems with one
  std::size_t half = 0;
  std::size_t ambiguous = 0;
  std::size_t unnameable = 0;
  std::size_t unreadable_folders = 0;
};

PairCounts count_pairs(int spool_fd, bool is_recursive);

}  // namespace reeld
