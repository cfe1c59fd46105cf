#pragma once
// `reeld retry PATH...`: run these again, whatever their state. Where that may buy a second time, a person
// has to say so.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// Returns 0, or the exit code of the first pair that could not be released; the others are, all the same.
int run_retry(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
