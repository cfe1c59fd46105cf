#pragma once
// The two files that `reeld init` writes.

#include <string>
#include <string_view>

#include "commands/init/init_answers.hpp"

namespace reeld {

struct InitPlaces {
  std::string config;
  std::string key;
  bool is_units =
      false;  // the unit takes the key from there as its credential: the configuration does not name it
};

/// The installed configuration, with its comments, and with these values in it. `key_file`: "" leaves it out.
std::string write_config(std::string_view installed, const InitAnswers& answers, const std::string& key_file);

/// The text of config/reeld.toml, as it was when this program was built.
std::string_view installed_config();

/// Whether the configuration holds a secret, in the URL's query.
bool has_secret(const InitAnswers& answers);

/// Both, synced, the key first, for its owner alone, as is a configuration that holds a secret. Errors:
/// CommandFailure; then neither is there.
void write_files(const InitPlaces& places, const InitAnswers& answers);

}  // namespace reeld
