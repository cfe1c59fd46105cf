#pragma once
// Pauses of coroutines that a stop ends at once.
//
// Lifetime: outlives every pause. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <set>
#include <utility>

#include "core/clock.hpp"

namespace reeld {

class Rests {
 public:
  explicit Rests(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

  /// Until it is over, or `stop` was called; after that not at all.
  boost::asio::awaitable<void> rest(milliseconds pause);
  void stop();
  bool is_stopped() const { return is_stopped_; }

 private:
  boost::asio::any_io_executor loop_;
  std::set<boost::asio::steady_timer*> timers_;
  bool is_stopped_ = false;
};

}  // namespace reeld
