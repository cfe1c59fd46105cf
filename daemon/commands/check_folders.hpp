#pragma once
// Folders with pairs that results could not be written into: reeld sends nothing from there.

#include "commands/check_report.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// A warning for each, up to a few. Reads the names of the whole spool.
void check_folders(const SpoolSettings& spool, CheckReport& report);

}  // namespace reeld
