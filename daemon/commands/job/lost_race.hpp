#pragma once
// Two people, or a person and the daemon, about one job: who comes second is told what it is by now, and
// changes nothing. To say the same again may buy again what nobody has asked about.

#include <optional>
#include <string>

#include "ledger/ledger_store.hpp"
#include "ledger/records.hpp"

namespace reeld {

/// Whether `now` is still the attempt that was looked at, in the state in which it was.
bool is_as_before(const JobRecord& before, const std::optional<JobRecord>& now);

/// Of an intent that a crash has left open: it is in doubt, as the next start would say.
void end_open_intent(LedgerStore& store, const JobRecord& record, SystemTime now);

/// Throws CommandFailure. `job` is for people; nullopt: the ledger does not have it any more.
[[noreturn]] void complain_of_lost_race(const std::string& job, const std::optional<JobRecord>& now);

}  // namespace reeld
