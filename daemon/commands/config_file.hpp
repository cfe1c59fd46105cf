#pragma once
// The configuration as a command finds it: which file, and what is in it.

#include <string>
#include <variant>

#include "settings/command_line.hpp"
#include "settings/load.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

/// The file to read: the one that was asked for, else `default_file` where there is one, else "" (none).
std::string choose_config_file(const CommonOptions& options, const std::string& default_file);

struct ConfigText {
  std::string file;  // for messages; "" where there is none
  std::string text;
  bool may_be_read_again = true;  // false of a pipe or a device, such as --config <(generate)
};

/// "" reads nothing.
std::variant<ConfigText, SysError> read_config_text(const std::string& file);
/// Checks it, with the command line's overrides laid on top. The spool's path is absolute afterwards.
std::variant<Settings, SettingsComplaint> load_config_text(const ConfigText& config,
                                                           const SettingsOverrides& overrides);
/// Why there are no settings; the exit code says whether trying again may help.
struct ConfigFailure {
  std::string message;
  int exit_code;  // settings/exit_code.hpp
};

/// Both at once.
std::variant<Settings, ConfigFailure> load_config_file(const std::string& file,
                                                       const SettingsOverrides& overrides);

}  // namespace reeld
