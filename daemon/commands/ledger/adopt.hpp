#pragma once
// `reeld adopt`: a person has looked, and says that this ledger and this spool belong together.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

int run_adopt(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
