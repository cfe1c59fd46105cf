#pragma once
// Whether the ledger can be written, and when to try again if not: after a second, then twice as late each
// time, up to a minute.
//
// Lifetime: `on_retry` is called until `stop`. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <string>

#include "async/wake_timer.hpp"
#include "log/log.hpp"

namespace reeld {

class LedgerHealth {
 public:
  LedgerHealth(const boost::asio::any_io_executor& loop, Log& log, std::function<void()> on_retry)
      : log_(log), retry_timer_(loop, std::move(on_retry)) {}

  bool is_healthy() const { return is_healthy_; }
  /// Whether that is news. It is said, and once.
  bool note_failure(const std::string& error);
  bool note_success();
  /// It is not tried again any more.
  void stop();

 private:
  Log& log_;
  WakeTimer retry_timer_;
  milliseconds pause_{0};
  bool is_healthy_ = true;
  bool is_stopped_ = false;
};

}  // namespace reeld
