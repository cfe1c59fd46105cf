#pragma once
// Settings that are read and checked, and that this version of reeld does not act upon yet. Nobody should
// find that out from a bill.

#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace reeld {

/// One line for people for each that is set to something: it will have no effect, or less than one would
/// expect.
std::vector<std::string> list_unserved_settings(const Settings& settings);

}  // namespace reeld
