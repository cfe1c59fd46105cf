#pragma once
// `reeld hold` and `reeld release`: stop and resume sending, without stopping the daemon. Kept in the ledger,
// so that it survives a restart.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

int run_hold(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
