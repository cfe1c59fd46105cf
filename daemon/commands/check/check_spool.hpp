#pragma once
// The spool as a check sees it: is it there, may we work in it, what is it on, and is it nobody else's.

#include "commands/check/check_report.hpp"
#include "settings/settings.hpp"

namespace reeld {

void check_spool(const SpoolSettings& spool, CheckReport& report);

}  // namespace reeld
