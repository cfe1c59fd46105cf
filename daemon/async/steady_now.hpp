#pragma once
// The steady clock, read: for the runtime only, core is told the time.

#include "core/clock.hpp"

namespace reeld {

inline SteadyTime steady_now() {
  return std::chrono::steady_clock::now();
}

}  // namespace reeld
