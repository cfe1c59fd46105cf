#pragma once
// What `reeld run` and `reeld drain` call: the daemon is made, run, and taken apart in order.

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "settings/api_credentials.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// What a reload brings.
struct Reloaded {
  Settings settings;
  ApiCredentials credentials;
  std::vector<std::string> warnings;  // for people, a line each
};

struct FreshKey {
  std::string key;
};

struct DaemonOptions {
  enum class Mode {
    run,    // until a signal ends it
    drain,  // until the spool has nothing left to submit
  };

  Settings settings;
  ApiCredentials credentials;
  /// Reads configuration and credentials again (SIGHUP); a text says what is wrong with them, and nothing
  /// changes.
  std::function<std::variant<Reloaded, std::string>()> reload;
  /// Reads the key alone again, `file` being [api] key_file; a text says what is wrong with it.
  std::function<std::variant<FreshKey, std::string>(const std::string& file)> reload_key;
  Mode mode = Mode::run;
  milliseconds patience = std::chrono::minutes(10);  // drain: nothing moving for so long ends it
};

/// Runs until it has ended; returns the exit code. What cannot be started is said on standard error, in one
/// line.
int run_daemon(const DaemonOptions& options);

}  // namespace reeld
