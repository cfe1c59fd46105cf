#pragma once
// `reeld status`: what an operator wants to know, from the ledger and, where a daemon runs, from it.

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"

namespace boost::json {
class object;
}

namespace reeld {

int run_status(const CommandLine& line, const CommandContext& context);

/// The object that --json prints, as lines for people.
std::string describe_status(const boost::json::object& status);

}  // namespace reeld
