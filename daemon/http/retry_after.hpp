#pragma once
// How long a server asks to be left alone: Retry-After as seconds (a float too) or an HTTP date (RFC
// 9110 10.2.3, 5.6.7), `retry-after-ms`.

#include <optional>
#include <string_view>

#include "core/clock.hpp"

namespace reeld {

/// nullopt when it is neither a number nor a date; a date in the past is zero; capped at 24 hours.
std::optional<milliseconds> read_retry_after(std::string_view value, SystemTime now);
/// The value of `retry-after-ms`: a number of milliseconds (a float too).
std::optional<milliseconds> read_retry_after_ms(std::string_view value);

}  // namespace reeld
