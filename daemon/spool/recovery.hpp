#pragma once
// What is done with a ledger at a start, before anything is sent: intents that a crash has left open get
// their ends.
//
// Threads: blocking; before the loop runs. Errors: SqliteError.

#include "ledger/ledger_store.hpp"
#include "scheduler/masses.hpp"
#include "settings/settings.hpp"

namespace reeld {

struct Recovered {
  std::vector<std::int64_t> unpublished;  // jobs whose results are not, or not surely, in their folders
  std::vector<SystemTime> billable;       // of the last 24 hours, oldest first
  std::size_t doubts = 0;                 // intents without an end
  bool is_held = false;                   // by `reeld hold`
  MassState masses = MassState::none;
};

Recovered recover(LedgerStore& store, int spool_fd, const SubmitSettings& submit, SystemTime now);

}  // namespace reeld
