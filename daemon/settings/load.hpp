#pragma once
// From the configuration's text to checked settings. Pure: who reads the file is runtime/config_file.

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "settings/settings.hpp"
#include "settings/toml_reader.hpp"

namespace reeld {

inline constexpr std::string_view default_config_file = "/etc/reeld/reeld.toml";

/// What the command line says over the file.
struct SettingsOverrides {
  std::optional<std::string> spool;       // --spool
  std::optional<std::string> url;         // --url
  std::optional<LogLevel> log_level{};    // --log-level
  std::optional<LogFormat> log_format{};  // --log-format
};

/// `file_name` is for messages. With "" there is no file: `toml_text` is empty too, and the overrides must
/// do. The API's URL has no default, so that nothing is ever sent, and paid for, by accident: not to have it
/// is an error.
std::variant<Settings, SettingsComplaint> load_settings(std::string_view toml_text,
                                                        std::string_view file_name,
                                                        const SettingsOverrides& overrides = {});

}  // namespace reeld
