#pragma once
// Whether a pair is one that the ledger knows: jobs are known by their files (device, inode, size, mtime), so
// that moving, renaming or tidying away files and results never buys again.
//
// Pure.

#include <cstdint>
#include <string_view>

#include "core/file_identity.hpp"
#include "core/job_name.hpp"

namespace reeld {

/// What the ledger holds of a job, in the order of its life. The words are those in the database.
enum class LedgerState {
  intended,  // an attempt may have passed the commit point, and nothing has been recorded of its end
  unsent,    // the last attempt ended before the commit point
  refused,   // it has, or had, an error file
  accepted,  // the API's answer is in the ledger
  doubt,     // nobody knows
  released,  // an operator has said: run it again
};

std::string_view word_of(LedgerState state);

struct KnownJob {
  std::int64_t id = 0;
  JobName name;
  PairIdentity pair;
  LedgerState state = LedgerState::intended;
  bool is_published = false;  // its result was written, and its folder synced
};

/// How a pair that is found relates to a job that is known.
enum class Kinship {
  stranger,       // another job
  same,           // both files, at the same path
  moved,          // both files, at another path: its result follows it
  half_replaced,  // one of the files, at the same path: still the old job
};

Kinship compare(const KnownJob& known, const JobName& name, const PairIdentity& pair);

/// Whether a job in that state may be sent (again) without an operator's word.
bool may_send(LedgerState state);

}  // namespace reeld
