#pragma once
// What the scheduler obeys besides the lane's limits. The settings of `[submit]` hold it as it stands here.

#include <cstdint>

namespace reeld {

struct MassRules {
  std::uint32_t ask_above = 0;    // new pairs of one scan, or of one arriving folder; 0: never asked
  bool holds_duplicates = false;  // each copy waits
  bool operator==(const MassRules&) const = default;
};

struct SchedulerRules {
  bool repeats_doubts = false;  // on_doubt = "retry"
  MassRules masses;
  bool operator==(const SchedulerRules&) const = default;
};

}  // namespace reeld
