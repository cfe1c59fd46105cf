#pragma once
// Where the API key comes from: the file that api.key_file names, else the systemd credential "api-key", else
// REELD_API_KEY. What a key may look like is settings/api_key.

#include <string>
#include <variant>

#include "commands/environment.hpp"

namespace reeld {

struct FoundKey {
  std::string key;
  std::string source;   // for people: "/etc/reeld/api-key"
  std::string warning;  // for people: the file is open to others; "" if all is well
};

/// For people; names the file or variable, and never shows any of the key.
struct NoKey {
  std::string message;
  bool may_pass = false;  // the system is in a trouble that may be over a moment later
};

/// A source that is there but wrong is an error: the next one is not tried in its stead.
std::variant<FoundKey, NoKey> find_api_key(const std::string& key_file, const Environment& environment);

/// Where the unit with that configuration has its credentials from: beside `default_config`; "" where it is
/// no unit's, or none but root may read them.
std::string find_unit_folder(const std::string& config, const std::string& default_config);
/// The file that the unit with that configuration has its credential from: api-key beside `default_config`,
/// and NAME.key beside NAME.toml there. "" where there is none, or none but root may read it.
std::string find_unit_key(const std::string& config, const std::string& default_config);

}  // namespace reeld
