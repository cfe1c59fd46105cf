#pragma once
// Settings that are read and checked, and that this version of reeld does not act upon yet. Nobody should
// find that out from a bill.

#include <optional>
#include <string>
#include <vector>

#include "settings/settings.hpp"

namespace reeld {

/// One line for people for each that is set to something: it will have no effect.
std::vector<std::string> list_unserved_settings(const Settings& settings);

/// Why reeld must not start: a limit on spending was set that it could not keep.
std::optional<std::string> find_unkept_limit(const Settings& settings);

}  // namespace reeld
