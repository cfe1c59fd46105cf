#pragma once
// What a command says when it fails, and the exit code that goes with it.

#include <iosfwd>

#include "commands/command_failure.hpp"
#include "ledger/sqlite.hpp"

namespace reeld {

/// "reeld: ", the reason, and all that is wrong besides, a line each.
int tell_failure(const CommandFailure& failure, std::ostream& err);
/// Of the ledger; whether trying again may help is said.
int tell_failure(const SqliteError& error, std::ostream& err);

}  // namespace reeld
