#pragma once
// The parts of a running daemon in the order of their lives, and its three stages: running, stopping (no new
// attempt, answers are awaited), and done, when the loop has nothing left to do. An exception that nobody
// expected stops it as SIGTERM does, and it ends with 1.
//
// Threads: the loop's, which `run` is.

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "log/event_log.hpp"
#include "metrics/metrics.hpp"
#include "service/drain_watch.hpp"
#include "service/key_watch.hpp"
#include "service/monitor.hpp"
#include "service/run_daemon.hpp"
#include "service/served_spools.hpp"
#include "service/service_manager.hpp"
#include "service/spool_service.hpp"

namespace reeld {

class Daemon {
 public:
  /// The caller keeps `loop`, `options` and `log`.
  Daemon(boost::asio::io_context& loop, const DaemonOptions& options, EventLog& log,
         std::shared_ptr<ApiContext> context, TakenSpool taken);

  /// Returns the exit code.
  int run();

 private:
  std::shared_ptr<SpoolService> make_service(TakenSpool spool);
  void begin();
  void say_ready();
  void await_signal();
  void on_signal(int number);
  void begin_stop(const std::string& reason);
  void abort_all();
  void on_change();
  void retire_drained();
  void end_signals();
  void end_if_done();
  bool is_healthy();

  // service/daemon_fault.cpp
  void run_loop();
  void end_after(std::exception_ptr fault);

  // service/daemon_reload.cpp
  void reload();
  void take_new_key();
  void say_reloaded(std::string_view what, const std::vector<std::string>& warnings);
  void say_key_is_unwatched(const std::string& reason);
  std::optional<std::string> apply(Settings settings, ApiCredentials credentials);
  std::variant<std::optional<TakenSpool>, std::string> find_spool(const Settings& settings) const;
  void switch_to(TakenSpool taken);

  /// Each of these comes after those before it.
  enum class Phase {
    serving,
    stopping,   // answers that are due are waited for
    insisting,  // not even those
    over,
  };
  struct Pools {
    boost::asio::thread_pool workers{1};  // opens, reads, asks
    boost::asio::thread_pool syncs{1};    // writes results, and waits for the disk
  };

  const Settings& current_settings() const { return context_->settings; }
  SpoolService& spool() const { return *spools_.current(); }
  bool is_stopping() const { return phase_ >= Phase::stopping; }

  boost::asio::io_context& loop_;
  const DaemonOptions& options_;
  EventLog& log_;
  Pools pools_;
  std::shared_ptr<ApiContext> context_;
  Metrics metrics_;
  ServedSpools spools_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer drain_timer_;
  KeyWatch key_watch_;
  Monitor monitor_;
  ServiceManager manager_;
  std::unique_ptr<DrainWatch> drain_watch_;
  Phase phase_ = Phase::serving;
  bool is_faulty_ = false;  // an exception was left over: the process ends, and not with 0
};

}  // namespace reeld
