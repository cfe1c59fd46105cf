#pragma once
// The way to the API as a check sees it: URL, proxy, certificates and key. No connection is made.

#include "commands/api_credentials.hpp"
#include "commands/check/check_report.hpp"
#include "commands/environment.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// `found`: what `find_credentials` has found. Its files may be root's alone: they are read before the daemon
/// acts as anybody else.
void check_api(const ApiSettings& api, const std::variant<FoundCredentials, NoKey>& found,
               const Environment& environment, CheckReport& report);

}  // namespace reeld
