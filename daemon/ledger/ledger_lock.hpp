#pragma once
// One daemon a ledger: an exclusive lock (flock) on `LEDGER.lock`, mode 0600, which dies with the process.
//
// Threads: blocking, for a moment at most.

#include <string>
#include <variant>

#include "ledger/ledger_refusal.hpp"
#include "ledger/ledger_site.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// Makes the file where it is missing. Refused: another process holds it (`is_busy`).
std::variant<UniqueFd, LedgerRefusal> lock_ledger(const std::string& ledger);
/// Makes nothing: no descriptor where there is no such file, or none of whom the ledger belongs to.
std::variant<UniqueFd, LedgerRefusal> lock_used_ledger(const LedgerSite& site);

}  // namespace reeld
