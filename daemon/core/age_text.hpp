#pragma once
// An age for people. Pure.

#include <cstdint>
#include <string>

namespace reeld {

/// "3 h", "12 min", "40 s": as exact as an age has to be.
std::string describe_age(std::int64_t seconds);

}  // namespace reeld
