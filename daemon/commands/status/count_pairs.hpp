#pragma once
// How many pairs of a spool have no result: by a scan of names, nothing is opened but folders.

#include <cstddef>
#include <string>

#include "commands/job/known_pairs.hpp"
#include "core/never_inputs.hpp"
#include "scheduler/wait_table.hpp"

namespace reeld {

struct PairCounts {
  std::size_t waiting = 0;   // pairs without a result
  std::size_t finished = 0;  // stems with one
  std::size_t half = 0;
  std::size_t ambiguous = 0;
  std::size_t conflict = 0;  // conflict copies
  std::size_t unnameable = 0;
  std::size_t unreadable_folders = 0;
};

PairCounts count_pairs(int spool_fd, bool is_recursive, const IgnoredFolders& ignored = {});

/// Each pair that waits, `reason` being why whole ones do; those that the ledger knows do not. Ages count
/// from when the later of a stem's inputs was last changed, moved or renamed (its ctime).
void list_pairs(int spool_fd, bool is_recursive, const KnownPairs& known, WaitReason reason, SystemTime now,
                const IgnoredFolders& ignored, const TellPair& tell);

/// The same as a table.
WaitTable tally_pairs(int spool_fd, bool is_recursive, const KnownPairs& known, WaitReason reason,
                      SystemTime now, const IgnoredFolders& ignored = {});

}  // namespace reeld
