#pragma once
// `reeld ledger --backup FILE`: a copy of the ledger that is consistent, also while a daemon writes it.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// Makes `line.backup`, mode 0600; nothing that is there is overwritten. Durability: the copy and its name
/// survive a power cut once this has returned. Returns the exit code.
int run_ledger(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
