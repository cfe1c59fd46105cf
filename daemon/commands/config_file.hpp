#pragma once
// The configuration as a command finds it: which file, and what is in it.

#include <string>
#include <variant>

#include "settings/command_line.hpp"
#include "settings/load.hpp"

namespace reeld {

/// The file to read: the one that was asked for, else `default_file` where there is one, else "" (none).
std::string choose_config_file(const CommonOptions& options, const std::string& default_file);

/// Reads and checks it, with the command line's overrides laid on top; "" reads nothing. The spool's path is
/// absolute afterwards. Used again for each reload.
std::variant<Settings, SettingsComplaint> load_config_file(const std::string& file,
                                                           const SettingsOverrides& overrides);

}  // namespace reeld
