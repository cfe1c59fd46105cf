#pragma once
// Carries out what scheduler/job_scheduler decides: makes attempts, and has others ask the ledger
// (submit/ledger_lookup), record ends (submit/end_recorder) and write results (submit/publisher,
// submit/error_files).
//
// Lifetime: owned by the SpoolService; destroyed once `is_idle()` after `stop_sending()`.
// Threads: the loop's only.

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/rests.hpp"
#include "async/task_group.hpp"
#include "async/wake_timer.hpp"
#include "intake/intake.hpp"
#include "scheduler/job_scheduler.hpp"
#include "submit/attempts.hpp"
#include "submit/ledger_lookup.hpp"
#include "submit/pair_upkeep.hpp"
#include "submit/progress.hpp"
#include "submit/results.hpp"
#include "submit/submission_log.hpp"

namespace reeld {

class Metrics;

/// Numbers since the start, and of now.
struct DispatchCounts : EndedJobs {
  std::size_t waiting = 0;
  std::size_t in_flight = 0;      // attempts under way
  std::size_t unpublished = 0;    // results that could not be written yet, or not at all
  std::size_t half_replaced = 0;  // pairs that wait for a person: one file is that of a job, one is new
  DispatchCounts& operator+=(const DispatchCounts& other);
};

class Dispatcher : public IntakeListener, private LookupListener {
 public:
  struct Parts {
    boost::asio::any_io_executor loop;
    boost::asio::thread_pool& workers;  // opens and reads
    boost::asio::thread_pool& syncs;    // writes results
    int spool_fd;
    Log& log;
    LedgerClient& ledger;
    Metrics& metrics;
  };
  using OnChange = std::function<void()>;

  Dispatcher(Parts parts, std::shared_ptr<ApiContext> context);

  /// `intake` is told when a job is done with. `on_change` is called after whatever may end a drain or a
  /// stop.
  void start(Intake& intake, OnChange on_change);
  /// What earlier starts have paid for, or may have: it counts for `per_day`. Oldest first.
  void count_toward_daily_cap(SystemTime at);
  /// Results that the ledger owes the spool.
  void publish_backlog(const std::vector<std::int64_t>& jobs);
  /// New settings, key or client; what is in flight goes on under the old.
  void change_side(std::shared_ptr<ApiContext> context);
  /// Whatever is not yet in hand, this one will say again.
  void change_intake(Intake& intake);
  /// The operator's `hold` and `release`.
  void set_held(bool is_held);
  /// What the ledger has kept of masses; before the first scan.
  void restore_masses(MassState before);
  /// The operator's `release`: new pairs that wait for it, too.
  void release_masses();
  /// The ledger has become well, or unwell.
  void on_ledger_changed();
  /// No attempt begins, and those that have not passed the commit point end; answers are still waited for.
  void stop_sending();
  /// Ends those too (in doubt), and gives up on results that cannot be written.
  void abort_all() { attempts_.abort_all(); }

  bool is_idle() const { return tasks_.running() == 0; }
  DispatchCounts counts() const;
  /// Attempts that have passed the commit point and have no answer yet.
  std::size_t awaiting_answers() const { return attempts_.commit_state().awaiting; }
  const JobScheduler& scheduler() const { return scheduler_; }
  const Lane& lane() const { return scheduler_.lane(); }
  const PauseNote& pause_note() const { return log_.pause_note(); }
  /// What the latest attempt ended with that is tried again; "" since one did not.
  const std::string& setback() const { return progress_.setback(); }
  /// When a job last came to its end (accepted, refused, in doubt), or an upload further than ever before.
  SteadyTime last_progress() const {
    return std::max({progress_.last_end(), log_.last_end(), attempts_.commit_state().marks.last_moved()});
  }

  void on_pair_ready(ReadyPair pair) override;
  void on_pair_settled(const JobName& job, const Recognition& recognition) override;
  void on_pair_under_result(ReadyPair pair) override;
  void on_pair_gone(const JobName& job) override;
  void on_pair_bad(const JobName& job, std::string reason) override;
  void on_scan_done() override;
  void on_all_found() override;
  bool has_scanned() const { return progress_.has_scanned(); }

 private:
  void on_reading(const JobName& job) override { scheduler_.on_reading(job); }
  void on_looked_up(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition) override;
  void on_batch_looked_up() override { advance(); }

  void advance();
  void carry_out(Action action);
  void say_known(const JobName& job, const Recognition& recognition);
  void note_masses();

  // submit/dispatcher_actions.cpp: the actions that take time.
  boost::asio::awaitable<void> run_job(Action action);
  void end_job(const AttemptPlan& plan, AttemptReport report);
  void keep_result(const AttemptPlan& plan, AttemptReport report);
  boost::asio::awaitable<void> record_end(Action action);
  boost::asio::awaitable<void> publish(Action action);
  boost::asio::awaitable<void> move_result(Action action);
  boost::asio::awaitable<void> choose(Action action);
  void drop_snapshot_of_waiting(const JobName& name);

  Parts parts_;
  Attempts attempts_;
  Intake* intake_ = nullptr;
  OnChange on_change_;
  JobScheduler scheduler_;
  SubmissionLog log_;
  Rests rests_;
  LedgerLookup lookup_;
  PairUpkeep upkeep_;
  Results results_;
  WakeTimer timer_;                          // for what the scheduler waits for
  MassState kept_masses_ = MassState::none;  // as the ledger has it
  Progress progress_;
  bool is_advancing_ = false;
  TaskGroup tasks_;  // last: its coroutines refer to everything above
};

}  // namespace reeld
