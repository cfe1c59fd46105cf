#pragma once
// `reeld check`: what reeld makes of its configuration, spool and key, and with --pairs of each pair. Sends
// nothing, and changes nothing.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// What was found goes to standard output, each problem and warning to standard error, one line each.
/// Returns exit_code::fine, or exit_code::configuration where there is a problem.
int run_check(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
