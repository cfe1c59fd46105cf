#pragma once
// What the service manager (systemd) is told: ready, stopping, reloading, a line of status, and that the loop
// is alive. Where $NOTIFY_SOCKET is not set it does nothing at all, and has no timers.
//
// Lifetime: within the Daemon; `stop` before the loop can end. Threads: the loop's.
// Errors: none; a manager that cannot be told is no reason to stop serving.
// Source: sd_notify(3), sd_watchdog_enabled(3), as of systemd 252.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <string>

#include "core/clock.hpp"

namespace reeld {

class ServiceManager {
 public:
  /// What is asked of the daemon, from the loop.
  struct Questions {
    std::function<std::string()> status;  // one line, for people
    std::function<bool()> is_healthy;     // false: the watchdog is not fed, though the loop runs
  };
  struct Pace {
    milliseconds status{1'000};      // at most so often
    milliseconds extension{30'000};  // is asked for, three times as often as needed
  };

  ServiceManager(boost::asio::any_io_executor loop, Questions ask)
      : ServiceManager(loop, std::move(ask), Pace()) {}
  ServiceManager(boost::asio::any_io_executor loop, Questions ask, Pace pace);

  /// From now on the watchdog is fed, where the manager has one: by a timer of the loop, so that a loop that
  /// is stuck does not feed it.
  void on_ready();
  /// The status may be another by now.
  void on_change();
  void on_reloading();
  /// Also after a configuration that was not taken: reeld is as ready as it was.
  void on_reloaded();
  /// Answers are awaited for `at_most`; so long, and one extension longer for what has to be written then,
  /// the manager is asked for patience.
  void on_stopping(milliseconds at_most);
  void stop();

 private:
  void tell(const std::string& news);
  std::string look();
  void refresh_status();
  void await_watchdog();
  void extend_stop();

  Questions ask_;
  Pace pace_;
  const bool is_there_;
  milliseconds watchdog_interval_{0};  // 0: there is no watchdog
  bool is_ready_ = false;
  bool is_stopping_ = false;
  std::string last_status_;
  SteadyTime last_look_;
  SteadyTime patience_until_;
  bool is_status_due_ = false;
  boost::asio::steady_timer status_timer_;
  boost::asio::steady_timer watchdog_timer_;
  boost::asio::steady_timer extension_timer_;
};

}  // namespace reeld
