#pragma once
// The command line as a plain value. Pure: nothing is read, printed or ended here.

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "settings/load.hpp"

namespace reeld {

enum class Command {
  run,    // the daemon, in the foreground
  drain,  // submit what is there and exit
  check,  // look at configuration, spool and key; send nothing
  status,
  list,
  retry,
  resolve,
  hold,
  release,
  adopt,
  forget,
  ledger,
  init,  // asks, and writes a configuration
};

/// What every command takes.
struct CommonOptions {
  std::string config{default_config_file};
  bool config_given = false;  // a file that was asked for must be there; the default one need not be
  SettingsOverrides overrides;
};

struct CommandLine {
  Command command = Command::run;
  CommonOptions common;
  milliseconds patience = std::chrono::minutes(10);  // drain
  bool pairs = false;                                // check
  bool online = false;                               // check
  bool json = false;                                 // status, list
  bool healthy = false;                              // status: nothing but an exit code
  std::optional<milliseconds> watch;                 // status: how often
  bool is_agreed = false;                            // --yes: retry, adopt
  std::vector<std::string> paths;       // retry, resolve: at least one; with `accepted`: one; list: any
  std::string state;                    // list: the only one to show; "": all
  std::optional<std::string> backup;    // ledger: the file to make
  std::optional<std::string> accepted;  // resolve: the API's id; nullopt: --not-accepted
};

/// Instead of a command: a text to print, on standard output where the code is 0 (help, version), else on
/// standard error (usage errors, one line and a pointer to --help).
struct CommandLineText {
  std::string text;  // ends in a newline
  int exit_code = 0;
  bool is_version = false;  // the version is asked for, which the caller knows: `text` is empty
};

/// `arguments` are those after the program's name.
std::variant<CommandLine, CommandLineText> parse_command_line(std::span<const std::string> arguments);

}  // namespace reeld
