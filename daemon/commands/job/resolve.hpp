#pragma once
// `reeld resolve PATH --accepted ID | --not-accepted`: a person has looked a job in doubt up, and settles it.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

int run_resolve(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
