#pragma once
// The two clocks: steady for waits, system only for what is written down. Nothing in core reads either.

#include <chrono>

namespace reeld {

using SteadyTime = std::chrono::steady_clock::time_point;
using SystemTime = std::chrono::system_clock::time_point;
using std::chrono::milliseconds;
using std::chrono::seconds;

}  // namespace reeld
