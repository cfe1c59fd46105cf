#pragma once
// `reeld check --online`: the way to the API is gone, and a free question asked that tells whether the key is
// taken. Nothing is ever posted.

#include "commands/check/check_report.hpp"
#include "settings/api_credentials.hpp"
#include "settings/settings.hpp"

namespace reeld {

/// False where no answer came: the network's trouble, and not the configuration's. It has been complained of.
bool check_online(const Settings& settings, const ApiCredentials& credentials, CheckReport& report);

}  // namespace reeld
