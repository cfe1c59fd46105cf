#pragma once
// The ledger as a check sees it: where it lies, and whether it and the spool belong together.

#include "commands/check/check_report.hpp"
#include "commands/command_context.hpp"
#include "settings/settings.hpp"

namespace reeld {

void check_ledger(const Settings& settings, const CommandContext& context, CheckReport& report);

}  // namespace reeld
