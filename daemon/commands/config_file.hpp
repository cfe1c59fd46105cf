#pragma once
// The configuration as a command finds it: which file, and what is in it.
//
// Errors: CommandFailure, which says whether trying again may help.

#include <string>

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"
#include "settings/load.hpp"

namespace reeld {

struct ConfigChoice {
  std::string file;       // "" : none
  bool is_asked = false;  // by --config or $REELD_CONFIG: it must be there, and says which spool is meant
};

/// From where the command was given, without "." and "..", and without a slash at its end.
std::string make_absolute(const std::string& path);

/// Where a user's own is: "" where neither $XDG_CONFIG_HOME nor $HOME says it.
std::string name_own_config(const Environment& environment);

/// The file to read: --config, else $REELD_CONFIG, else the user's own ($XDG_CONFIG_HOME/reeld/reeld.toml,
/// but for root) or `default_file`, whichever is there. Source: XDG Base Directory Specification 0.8.
ConfigChoice choose_config_file(const CommonOptions& options, const Environment& environment,
                                const std::string& default_file);

inline ConfigChoice choose_config_file(const CommonOptions& options, const CommandContext& context) {
  return choose_config_file(options, context.environment, context.default_config_file);
}

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
