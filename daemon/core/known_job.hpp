#pragma once
// Whether a pair is one that the ledger knows, and what follows from that: jobs are known by their files
// (device, inode, size, mtime), so that moving, renaming or tidying away files and results never buys again.
//
// Pure.

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "core/file_identity.hpp"
#include "core/job_name.hpp"

namespace reeld {

/// What the ledger holds of a job, in the order of its life. The words are those in the database.
enum class LedgerState {
  intended,  // an attempt may have passed the commit point, and nothing has been recorded of its end
  unsent,    // the last attempt ended before the commit point, or the API took nothing
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
  bool is_published = false;            // its result was written, and its folder synced
  bool is_said = false;                 // `pair.known` was logged
  std::optional<SystemTime> repeat_at;  // a doubt whose one repeat is still to come
  std::uint32_t keys = 0;  // how often a person has said "run it again": each makes a new idempotency key
};

/// How a pair that is found relates to a job that is known.
enum class Kinship {
  stranger,       // another job
  same,           // both files, at the same path
  moved,          // both files, at another path: its result follows it
  half_replaced,  // one of the files, at the same path: still the old job
};

Kinship compare(const KnownJob& known, const JobName& name, const PairIdentity& pair);

/// Whether nothing stands, or may stand, at the API for a job in that state: it takes no operator's word to
/// send it.
bool may_send(LedgerState state);

/// What is to be done with a pair that is ready.
enum class Welcome {
  send,    // nothing is known that speaks against it
  repeat,  // in doubt, and its one repeat is still to come
  follow,  // known elsewhere, or refused and nobody was told: its result is written where the pair lies
  finish,  // known here: nothing is done, and that is said
  wait,    // its end is not recorded yet: ask again
};

/// `known`: nullopt where the ledger knows neither of the files.
Welcome welcome(const std::optional<KnownJob>& known, const JobName& name, const PairIdentity& pair);

}  // namespace reeld
