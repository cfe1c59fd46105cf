#pragma once
// `reeld check --pairs`: every stem in the spool, what state it is in, and for those that are ready what
// would be sent.

#include <iosfwd>

#include "commands/check/check_report.hpp"
#include "commands/job/known_pairs.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// A spool that cannot be opened has been complained of before; a sub-folder that cannot be read is
/// complained of here.
void check_pairs(const Settings& settings, const KnownPairs& known, std::ostream& out, CheckReport& report);

}  // namespace reeld
