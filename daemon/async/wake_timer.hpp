#pragma once
// A timer that is set for one moment at a time: setting it while it is set changes nothing.
//
// Lifetime: what it calls is the owner's, who keeps both until the loop has run out, or has cancelled it.
// Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "core/clock.hpp"

namespace reeld {

class WakeTimer {
 public:
  WakeTimer(const boost::asio::any_io_executor& loop, std::function<void()> on_due)
      : timer_(loop), on_due_(std::move(on_due)) {}

  /// Nothing is changed where it is set already.
  void set(SteadyTime due);
  /// Earlier or later than it is set now; nullopt: not at all. One that is set for just then stays as it is.
  void set_to(std::optional<SteadyTime> due);
  void cancel();
  bool is_set() const { return is_set_; }

 private:
  boost::asio::steady_timer timer_;
  std::function<void()> on_due_;
  SteadyTime due_{};
  std::uint64_t last_set_ = 0;
  bool is_set_ = false;
};

}  // namespace reeld
