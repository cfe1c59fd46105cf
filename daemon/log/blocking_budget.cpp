#include "log/blocking_budget.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>

namespace reeld {

bool BlockingBudget::wait_for_room(int fd) {
  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  left_ = std::min<Clock::duration>(most, left_ + (begun - waited_at_) / 10);
  const auto wait = std::chrono::duration_cast<milliseconds>(left_);
  pollfd entry{fd, POLLOUT, 0};
  const int found = ::poll(&entry, 1, static_cast<int>(wait.count()));
  const bool is_interrupted = found < 0 && errno == EINTR;
  waited_at_ = Clock::now();
  left_ -= std::min(left_, waited_at_ - begun);
  return found > 0 || is_interrupted;
}

}  // namespace reeld
