#pragma once
// What a command works with besides its command line: where it prints, and what it asks of the system. All of
// it can be replaced in a test.

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "commands/environment.hpp"
#include "service/run_daemon.hpp"

namespace reeld {

struct CommandContext {
  std::ostream& out;  // standard output
  std::ostream& err;  // standard error
  Environment environment;
  std::string default_config_file;
  std::function<int(const DaemonOptions&)> run_daemon;
  /// Asks a person and waits for yes or no; nullopt where there is no terminal to ask at.
  std::function<std::optional<bool>(const std::string& question)> ask;
  bool is_out_terminal = false;
  /// Asks for a line of text, without showing what is typed where it is a secret; nullopt at the input's end.
  std::function<std::optional<std::string>(const std::string& question, bool is_secret)> ask_text{};
  bool is_in_terminal = false;  // standard input: a person can be asked again
};

}  // namespace reeld
