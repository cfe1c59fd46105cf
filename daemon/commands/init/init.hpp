#pragma once
// `reeld init`: asks for the API's URL, the key and the folder, writes a commented configuration and the key
// file, and checks them. It overwrites nothing.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// What --url and --spool say is not asked for.
int run_init(const CommandLine& line, const CommandContext& context);

}  // namespace reeld
