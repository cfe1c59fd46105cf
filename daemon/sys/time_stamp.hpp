#pragma once
// A time as part of a file's name: UTC, to the second, "20261122T101112Z".

#include <string>

#include "core/clock.hpp"

namespace reeld {

std::string make_time_stamp(SystemTime time);

}  // namespace reeld
