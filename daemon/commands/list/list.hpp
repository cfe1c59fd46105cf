#pragma once
// `reeld list`: each pair with its state, why it waits or what its end was, its age, id, attempts and files.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// Errors: CommandFailure, SqliteError.
int run_list(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
