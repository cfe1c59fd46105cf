#pragma once
// The configuration as a command finds it: which file, and what is in it.
//
// Errors: CommandFailure, which says whether trying again may help.

#include <string>

#include "settings/command_line.hpp"
#include "settings/load.hpp"

namespace reeld {

/// The file to read: the one that was asked for, else `default_file` where there is one, else "" (none).
std::string choose_config_file(const CommonOptions& options, const std::string& default_file);

struct ConfigText {
  std::string file;  // for messages; "" where there is none
  std::string text;
  bool may_be_read_again = true;  // false of a pipe or a device, such as --config <(generate)
};

/// "" reads nothing.
ConfigText read_config_text(const std::string& file);
/// Checks it, with the command line's overrides laid on top. The spool's path is absolute afterwards.
Settings load_config_text(const ConfigText& config, const SettingsOverrides& overrides);
/// Both at once.
Settings load_config_file(const std::string& file, const SettingsOverrides& overrides);

}  // namespace reeld
