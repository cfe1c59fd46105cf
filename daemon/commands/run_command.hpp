#pragma once
// From a command line to an exit code.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// Errors are one line on `context.err`, after "reeld: ". Returns one of settings/exit_code.hpp.
int run_command(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
