#pragma once
// The spool that a command works on: the configuration's, or the one that a path lies in.
//
// Errors: CommandFailure.

#include <optional>
#include <string>

#include "commands/command_context.hpp"
#include "commands/config_file.hpp"
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
Settings load_without_url(const CommonOptions& options, const ConfigChoice& config);
/// The same, for commands that are about a whole spool: with `use_spool_above`.
Settings load_spool_here(const CommonOptions& options, const CommandContext& context);

/// Where neither --spool nor a configuration that was asked for says which spool is meant: the one that the
/// current folder lies in, if it lies in any but the configured one. Root is led only by the folder's owner.
void use_spool_above(const CommonOptions& options, const ConfigChoice& config, Settings& settings);

/// Keeps daemons off it. Errors: one serves it (exit code 75).
UniqueFd lock_spool(const SpoolSite& spool);
/// The same, and nothing is made: no descriptor where the spool has never been served.
UniqueFd lock_used_spool(const SpoolSite& spool);

/// Whether a daemon serves it: it, or its ledger, cannot be locked (a daemon of an older version locks the
/// ledger alone, as far as that can be told). Never while a lock on either is held by the caller.
bool is_served(const SpoolSite& spool, const std::string& ledger);

}  // namespace reeld
