#pragma once
// Questions before something that may cost money.

#include <optional>
#include <string>

#include "commands/command_context.hpp"

namespace reeld {

/// At the terminal, where standard input and standard error are one; else nullopt. Anything but a yes is a
/// no.
std::optional<bool> ask_at_terminal(const std::string& question);

/// Whether to go on: by `is_agreed` (--yes), or by asking. What is not agreed to is said.
bool is_agreed_to(const CommandContext& context, bool is_agreed, const std::string& warning);

}  // namespace reeld
