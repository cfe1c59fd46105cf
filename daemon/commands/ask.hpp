#pragma once
// Questions: before something that may cost money, and for what only a person can know.

#include <optional>
#include <string>

#include "commands/command_context.hpp"

namespace reeld {

/// At the terminal, where standard input and standard error are one; else nullopt. Anything but a yes is a
/// no.
std::optional<bool> ask_at_terminal(const std::string& question);

/// A line of standard input; nullopt at its end. Where that is a terminal the question is shown on standard
/// error, and what is typed is not, where it is a secret.
std::optional<std::string> read_answer(const std::string& question, bool is_secret);

/// Whether to go on: by `is_agreed` (--yes), or by asking. What is not agreed to is said.
bool is_agreed_to(const CommandContext& context, bool is_agreed, const std::string& warning);

}  // namespace reeld
