#pragma once
// Root does what it does to a spool as the user that the spool is kept by: so that no file there comes to
// belong to root, and nothing that somebody has put there leads root anywhere that its owner could not go.

#include <string>

#include "ledger/ledger_site.hpp"

namespace reeld {

/// Root becomes who acts on that ledger (`find_ledger_owner`), for good: real, effective and saved user, and
/// the groups. Called before a byte of the spool or its ledger is read. Whoever is not root stays who he is.
/// Returns the user's name, "" where nothing was to change. Errors: CommandFailure.
std::string become_ledger_owner(const LedgerPlace& place);

}  // namespace reeld
