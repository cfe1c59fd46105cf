#pragma once
// Folders that reeld sends nothing from: with pairs, and results could not be written into them; or with a
// reeld.toml that cannot be read, or says what it must not.

#include <string>

#include "commands/check/check_report.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// A warning for each, up to a few. Reads the names of the whole spool.
/// `names`: under which fields are sent: see read_job_fields.
void check_folders(const SpoolSettings& spool, const FieldNames& names, CheckReport& report);

}  // namespace reeld
