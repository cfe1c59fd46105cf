#pragma once
// One spool, served: intake, dispatcher, ledger, and what keeps them, in the order of their lives. A daemon
// has one, and, after a reload that named another spool, those before it until their last answers are in.
//
// Lifetime: shared by the Daemon with who asks. `start`, then `stop`; once `is_idle`, `end`; once
// `is_over` it may be destroyed, by a turn of the loop of its own. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "endpoints/control_server.hpp"
#include "intake/intake.hpp"
#include "log/event_log.hpp"
#include "metrics/metrics.hpp"
#include "service/live_status.hpp"
#include "service/marker_keeper.hpp"
#include "service/retention.hpp"
#include "spool/open_spool.hpp"
#include "submit/dispatcher.hpp"
#include "submit/ledger_client.hpp"

namespace reeld {

class SpoolService {
 public:
  struct Parts {
    boost::asio::any_io_executor loop;
    boost::asio::thread_pool& workers;  // opens, reads, asks
    boost::asio::thread_pool& syncs;    // writes results, and waits for the disk
    EventLog& log;
    Metrics& metrics;
    std::function<void()> on_change;  // whatever may end a drain or a stop
  };

  SpoolService(Parts parts, TakenSpool spool, std::shared_ptr<ApiContext> context);

  /// Commands are answered.
  void listen() { control_.start(); }
  /// Pairs are sent.
  void start();
  /// Nothing more is sent; answers are awaited.
  void stop();
  /// Not even those.
  void abort_all() { dispatcher_.abort_all(); }
  /// Nothing is under way, and nothing is left to be written.
  bool is_idle() const;
  /// Answers no command any more; the lock goes with the object.
  void end() { control_.stop(); }
  bool is_over() const { return is_idle() && control_.is_idle(); }

  /// New settings, key or client. Of [spool], what is not the path: intake begins anew with it.
  void change_side(std::shared_ptr<ApiContext> context);

  bool is_folder(const std::string& path) const;
  const std::string& path() const { return spool_.path; }
  const Recovered& recovered() const { return spool_.recovered; }
  Dispatcher& dispatcher() { return dispatcher_; }
  const Dispatcher& dispatcher() const { return dispatcher_; }
  const Intake& intake() const { return *intake_; }
  LedgerClient& ledger() { return ledger_; }
  /// Something has changed: what the marker, or a stop, makes of it.
  void look() { marker_.look(); }
  LiveStatus read_live() const;

 private:
  /// `masses`: what is known of masses when it begins.
  std::unique_ptr<Intake> make_intake(MassState masses);
  void begin_intake_anew();

  // service/spool_service_control.cpp
  boost::asio::awaitable<std::string> answer(std::vector<std::string> request);
  std::string look_again(const JobName& job);
  std::string list_pairs() const;

  Parts parts_;
  TakenSpool spool_;  // its ledger is `ledger_`'s
  std::shared_ptr<ApiContext> context_;
  LedgerClient ledger_;
  Dispatcher dispatcher_;
  std::shared_ptr<const FieldRules> field_rules_;
  std::unique_ptr<Intake> intake_;
  TaskGroup keeping_;
  MarkerKeeper marker_;
  Retention retention_;
  ControlServer control_;
  const SystemTime started_ = std::chrono::system_clock::now();
  bool is_stopping_ = false;
};

}  // namespace reeld
