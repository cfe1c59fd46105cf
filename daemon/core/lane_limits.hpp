#pragma once
// How fast a lane may go, and how long it waits. The settings of `[submit]` hold it as it stands here.

#include <cstdint>

#include "core/clock.hpp"

namespace reeld {

struct LaneLimits {
  std::uint32_t concurrency = 16;
  std::uint32_t per_minute = 0;  // 0: no limit
  std::uint32_t per_day = 0;     // 0: no limit; what was, or may have been, paid for in any 24 hours
  milliseconds backoff_min{1'000};
  milliseconds backoff_max{300'000};  // also the most that a Retry-After can ask for
  milliseconds account_retry{300'000};
  milliseconds doubt_pause{60'000};
  bool operator==(const LaneLimits&) const = default;
};

}  // namespace reeld
