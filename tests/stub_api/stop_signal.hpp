#pragma once
// "The stub is ending": what every thread that waits also waits for.
//
// Threads: any. Once set, it stays set.

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>

namespace reeld::stub {

class StopSignal {
 public:
  StopSignal() : fd_(::eventfd(0, EFD_CLOEXEC)) {}
  ~StopSignal() { ::close(fd_); }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void set() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one);
  }

  /// Returns after `time`, or at once with true when the stub is ending.
  bool wait_for(std::chrono::milliseconds time) const {
    pollfd waited{fd_, POLLIN, 0};
    return ::poll(&waited, 1, static_cast<int>(time.count())) > 0;
  }

  /// Waits until `fd` has one of `events` (true), the stub is ending, or the time (-1: for ever) is over.
  bool wait_for_fd(int fd, short events, int timeout_ms) const {
    pollfd waited[] = {{fd, events, 0}, {fd_, POLLIN, 0}};
    return ::poll(waited, 2, timeout_ms) > 0 && waited[0].revents != 0;
  }

 private:
  int fd_;
};

}  // namespace reeld::stub
