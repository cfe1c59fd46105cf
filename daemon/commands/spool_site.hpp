#pragma once
// The spool that a command works on: the configuration's, or the one that a path lies in.
//
// Errors: CommandFailure.

#include <optional>
#include <string>

#include "commands/command_context.hpp"
#include "settings/command_line.hpp"
#include "settings/settings.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

struct SpoolSite {
  std::string path;  // absolute
  UniqueFd fd;
};

SpoolSite open_spool(const std::string& path);

/// The nearest folder at or above `folder` (absolute, free of links) that has a spool's marker.
std::optional<std::string> find_spool_above(const std::string& folder);

/// The configuration, for commands that never speak to the API: they need no URL.
Settings load_spool_settings(const CommonOptions& options, const CommandContext& context);

/// Keeps daemons off it. Errors: one serves it (exit code 75).
UniqueFd lock_spool(const SpoolSite& spool);

/// Whether a daemon serves it: it cannot be locked. Never while a lock on it is held by the caller.
bool is_served(const SpoolSite& spool);

}  // namespace reeld
