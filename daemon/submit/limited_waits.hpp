#pragma once
// Waits for writes to the ledger that end after half a second in any case: a disk that hangs must not keep a
// paid answer from its folder.
//
// Lifetime: outlives every wait. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <memory>

#include "async/wake_timer.hpp"
#include "submit/ledger_write.hpp"

namespace reeld {

class LimitedWaits {
 public:
  explicit LimitedWaits(boost::asio::any_io_executor loop);

  /// Whether it is done.
  boost::asio::awaitable<bool> wait(std::shared_ptr<LedgerWrite> write);
  /// No write is under way any more.
  void stop() { timer_.cancel(); }

 private:
  struct Wait {
    std::weak_ptr<LedgerWrite> write;
    SteadyTime due;
  };

  void arm();
  void on_due();

  boost::asio::any_io_executor loop_;
  std::deque<Wait> waits_;  // the earliest first
  WakeTimer timer_;  // one for all, and none for writes that are quick: a job costs no system call for it
};

}  // namespace reeld
