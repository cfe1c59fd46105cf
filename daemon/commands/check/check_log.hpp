#pragma once
// The log file as a check sees it: whether it can be opened, without opening or making it.

#include "commands/check/check_report.hpp"
#include "settings/settings.hpp"

namespace reeld {

void check_log(const LogSettings& log, CheckReport& report);

}  // namespace reeld
