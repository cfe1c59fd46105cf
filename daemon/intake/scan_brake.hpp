#pragma once
// Holds a scan back while what it has found is still to be looked at: names that wait take memory.
//
// Threads: `set` on the loop, `wait` on the scan's thread.

#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace reeld {

class ScanBrake {
 public:
  void set(bool is_held) {
    {
      const std::lock_guard lock(mutex_);
      is_held_ = is_held;
    }
    changed_.notify_all();
  }

  /// Until it is not held, or the scan is cancelled.
  void wait(const std::stop_token& cancelled) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, cancelled, [this] { return !is_held_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool is_held_ = false;
};

}  // namespace reeld
