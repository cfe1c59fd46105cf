#pragma once
// The way to the API as a check sees it: URL, proxy, certificates and key. No connection is made.

#include "commands/api_key.hpp"
#include "commands/check_report.hpp"
#include "commands/environment.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// All but the key.
void check_api(const ApiSettings& api, const Environment& environment, CheckReport& report);
/// What `find_api_key` has found. Its file may be root's alone: it is read before the daemon acts as anybody
/// else.
void check_key(const std::variant<FoundKey, NoKey>& found, CheckReport& report);

}  // namespace reeld
