#pragma once
// Values that are well formed and most likely not what was meant: `reeld check` says so. They are used all
// the same, because reeld does not know every gateway.
//
// Threads: pure.

#include <string>
#include <string_view>

#include "http/url.hpp"

namespace reeld {

/// Of a URL that is most likely no API's root ("…/v1/chat/completions"): what to write instead; else "".
std::string describe_odd_root(const ApiUrl& url);

/// Of a key in quotes, or as NAME=value: what to write instead, without any of the key; else "". Reads well
/// after "/etc/reeld/api-key: ".
std::string describe_odd_key(std::string_view key);

}  // namespace reeld
