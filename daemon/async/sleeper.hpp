#pragma once
// Where the coroutine of one exchange sleeps. Readiness, a deadline and an abort all end the same sleep, so
// there is no race between awaited operations in which a result could be lost.
//
// A wake that comes between two sleeps ends the next one at once: whoever sleeps does so in a loop around a
// condition. Lifetime: outlives its sleep. Threads: the loop's thread only.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/clock.hpp"

namespace reeld {

class Sleeper {
 public:
  explicit Sleeper(const boost::asio::any_io_executor& executor) : timer_(executor) {}

  boost::asio::awaitable<void> sleep_until(SteadyTime deadline);
  void wake();
  /// Wakes, and asks for the end of all that is being done.
  void abort();
  bool is_aborted() const { return aborted_; }

 private:
  boost::asio::steady_timer timer_;
  bool woken_ = false;
  bool aborted_ = false;
};

}  // namespace reeld
