#pragma once
// Is it the pair, or the API? An early 5xx (the server has not read the request to its end) makes the lane
// back off for everybody. But where one pair alone meets it again and again, a filter in front of the API
// dislikes that pair, and the others need not wait for it.
//
// Pure. Threads: none of its own.

#include <cstdint>
#include <map>
#include <set>

#include "core/clock.hpp"
#include "core/job_name.hpp"

namespace reeld {

class LoneFailures {
 public:
  /// That pair has met an early 5xx. True: not for the first time, and no other pair has met one since the
  /// last request that was read.
  bool on_failed(const JobName& job);
  /// A request of that pair was read, whatever the answer was.
  void on_read(const JobName& job);
  void forget(const JobName& job);
  /// What a pair for which `on_failed` was true waits by itself: longer each time. `jitter` in [0, 1).
  milliseconds pause(const JobName& job, milliseconds least, milliseconds most, double jitter) const;

 private:
  std::map<JobName, std::uint32_t> in_a_row_;
  std::set<JobName> failing_;  // since a request was last read
};

}  // namespace reeld
