#pragma once
// The parts of a running daemon in the order of their lives, and its three stages: running, stopping (no new
// attempt, answers are awaited), and done, when the loop has nothing left to do.
//
// Threads: the loop's, which `run` is.

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>
#include <string>

#include "runtime/control_server.hpp"
#include "runtime/daemon.hpp"
#include "runtime/dispatcher.hpp"
#include "runtime/drain_watch.hpp"
#include "runtime/intake.hpp"
#include "runtime/key_watch.hpp"
#include "runtime/ledger_link.hpp"
#include "runtime/live_status.hpp"
#include "runtime/marker_keeper.hpp"
#include "runtime/metrics.hpp"
#include "runtime/monitor.hpp"
#include "runtime/recovery.hpp"
#include "runtime/retention.hpp"
#include "runtime/service_manager.hpp"
#include "runtime/spool_log.hpp"

namespace reeld {

class Composition {
 public:
  /// The caller keeps `loop`, `options`, `spool_fd` and `log`.
  Composition(boost::asio::io_context& loop, const DaemonOptions& options, int spool_fd, SpoolLog& log,
              std::shared_ptr<ApiSide> side, OpenLedger ledger, Recovered recovered);

  /// Returns the exit code.
  int run();

 private:
  void await_signal();
  void on_signal(int number);
  void reload();
  void take_new_key();
  void say_key_is_unwatched(const std::string& reason);
  bool change_side(Settings settings, const std::string& key, std::string& reason);
  void begin_stop(const std::string& reason);
  void insist();
  void on_change();
  void end_if_done();

  // runtime/composition_control.cpp
  boost::asio::awaitable<std::string> answer(std::vector<std::string> request);
  std::string look_again(const JobName& job);
  LiveStatus read_live() const;
  bool is_well();

  boost::asio::io_context& loop_;
  const DaemonOptions& options_;
  SpoolLog& log_;
  Settings settings_;
  Recovered recovered_;
  boost::asio::thread_pool workers_{1};  // opens, reads, asks
  boost::asio::thread_pool syncs_{1};    // writes results, and waits for the disk
  std::shared_ptr<ApiSide> side_;
  LedgerLink ledger_;
  Metrics metrics_;
  Dispatcher dispatcher_;
  Intake intake_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer drain_timer_;
  KeyWatch key_watch_;
  TaskGroup keeping_;
  MarkerKeeper marker_;
  Retention retention_;
  ControlServer control_;
  Monitor monitor_;
  ServiceManager manager_;
  std::unique_ptr<DrainWatch> drain_watch_;
  const SystemTime started_ = std::chrono::system_clock::now();
  bool is_stopping_ = false;
  bool is_insisting_ = false;
  bool is_done_ = false;
};

}  // namespace reeld
