#pragma once
// `reeld forget`: erases from the ledger what a finished job was about and what the API said to it.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// Of each pair in `line.paths`: fields, prompt's beginning, reasons and answers are overwritten. State, id
/// and digests stay, so that the pair is still known and never bought again. Refused of what is not finished.
/// Returns the exit code.
int run_forget(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
