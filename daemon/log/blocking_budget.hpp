#pragma once
// How long a loop with better things to do waits for somebody who does not read: half a second at once, and
// no more than a tenth of the time over all.
//
// Threads: one at a time.

#include "core/clock.hpp"

namespace reeld {

class BlockingBudget {
 public:
  /// Waits for room to write. False: there is none in time. An error on the descriptor counts as room, for
  /// the next write tells it.
  bool wait_for_room(int fd);

 private:
  static constexpr milliseconds most{500};

  std::chrono::steady_clock::duration left_ = most;
  SteadyTime waited_at_{};
};

}  // namespace reeld
