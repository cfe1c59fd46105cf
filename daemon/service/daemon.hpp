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
#include "service/service_manager.hpp"
#include "service/spool_service.hpp"

namespace reeld {

class Daemon {
 public:
  /// The caller keeps `loop`, `options` and `log`.
  Daemon(boost::asio::io_context& loop, const DaemonOptions& options, EventLog& log,
         std::shared_ptr<ApiContext> context, TakenSpool spool);

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
  DispatchCounts count_all() const;
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
  void switch_to(TakenSpool spool);

  boost::asio::io_context& loop_;
  const DaemonOptions& options_;
  EventLog& log_;
  Settings settings_;
  boost::asio::thread_pool workers_{1};  // opens, reads, asks
  boost::asio::thread_pool syncs_{1};    // writes results, and waits for the disk
  std::shared_ptr<ApiContext> context_;
  Metrics metrics_;
  std::shared_ptr<SpoolService> spool_;
  std::vector<std::shared_ptr<SpoolService>> draining_;  // by a reload; their last answers are awaited
  DispatchCounts left_counts_;                           // of those that are gone
  boost::asio::signal_set signals_;
  boost::asio::steady_timer drain_timer_;
  KeyWatch key_watch_;
  Monitor monitor_;
  ServiceManager manager_;
  std::unique_ptr<DrainWatch> drain_watch_;
  bool is_stopping_ = false;
  bool is_insisting_ = false;
  bool is_done_ = false;
  bool is_faulty_ = false;  // an exception was left over: the process ends, and not with 0
};

}  // namespace reeld
