#pragma once
// Dates in HTTP headers, in the three forms that a recipient must know. Source: RFC 9110 5.6.7.

#include <optional>
#include <string_view>

#include "core/clock.hpp"

namespace reeld {

/// nullopt when `text` is none of the three. `now` gives a two-digit year its century. Years before 1904
/// and after 2204 are held to those two.
std::optional<SystemTime> read_http_date(std::string_view text, SystemTime now);

}  // namespace reeld
