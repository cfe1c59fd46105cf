#include "commands/ask.hpp"

#include <unistd.h>

#include <iostream>
#include <ostream>

#include "codec/terminal_text.hpp"
#include "commands/hidden_input.hpp"

namespace reeld {

std::optional<bool> ask_at_terminal(const std::string& question) {
  if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDERR_FILENO) == 0) return std::nullopt;
  std::cerr << question << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

std::optional<std::string> read_answer(const std::string& question, bool is_secret) {
  const bool is_terminal = ::isatty(STDIN_FILENO) != 0;
  if (is_terminal) std::cerr << question << std::flush;
  std::optional<HiddenInput> hidden;
  if (is_terminal && is_secret) hidden.emplace(STDIN_FILENO);
  std::string line;
  const bool is_there = static_cast<bool>(std::getline(std::cin, line));
  if (hidden) std::cerr << '\n';  // the one that was typed was not shown either
  hidden.reset();
  if (!is_there && line.empty()) return std::nullopt;
  while (line.ends_with('\r') || line.ends_with(' ') || line.ends_with('\t')) line.pop_back();
  return line;
}

bool is_agreed_to(const CommandContext& context, bool is_agreed, const std::string& warning) {
  if (is_agreed) return true;
  const std::string shown = escape_steering(warning);
  const auto answer = context.ask ? context.ask("reeld: " + shown + ". Go on? [y/N] ") : std::nullopt;
  if (!answer) {
    context.err << "reeld: " << shown << ". Nothing was changed; if you are sure, say it with --yes\n";
  } else if (!*answer) {
    context.err << "reeld: nothing was changed\n";
  }
  return answer.value_or(false);
}

}  // namespace reeld
