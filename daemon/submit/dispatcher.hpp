#pragma once
// Carries out what scheduler/job_scheduler decides: asks the ledger, makes attempts, records their ends,
// writes results.
//
// Lifetime: owned by the SpoolService; destroyed once `is_idle()` after `stop_sending()`.
// Threads: the loop's only.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "async/task_group.hpp"
#include "core/log_throttle.hpp"
#include "intake/intake.hpp"
#include "scheduler/job_scheduler.hpp"
#include "spool/result_place.hpp"
#include "submit/attempt.hpp"
#include "submit/job_turns.hpp"
#include "submit/result_writer.hpp"
#include "submit/told_refusals.hpp"
#include "sys/random.hpp"

namespace reeld {

class Metrics;

/// Numbers since the start, and of now.
struct DispatchCounts {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // bad input included
  std::uint64_t doubt = 0;
  std::size_t waiting = 0;
  std::size_t in_flight = 0;    // attempts under way
  std::size_t unpublished = 0;  // results that could not be written yet, or not at all
  DispatchCounts& operator+=(const DispatchCounts& other);
};

/// Of the lane's pause, or the last one.
struct PauseNote {
  SystemTime since;
  std::string reason;  // what the attempt that brought it on ended with
};

class Dispatcher : public IntakeListener {
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
  void publish_backlog(std::vector<std::int64_t> jobs);
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
  void abort_all();

  bool is_idle() const { return tasks_.running() == 0; }
  DispatchCounts counts() const;
  /// Attempts that have passed the commit point and have no answer yet.
  std::size_t awaiting_answers() const { return commit_state_.awaiting; }
  const JobScheduler& scheduler() const { return scheduler_; }
  const Lane& lane() const { return scheduler_.lane(); }
  const PauseNote& pause_note() const { return pause_note_; }
  /// What the latest attempt ended with that is tried again; "" since one did not.
  const std::string& setback() const { return setback_; }
  /// When a job last came to its end (accepted, refused, in doubt), or an upload further than ever before.
  SteadyTime last_progress() const { return std::max(last_progress_, commit_state_.marks.last_moved()); }

  void on_pair_ready(ReadyPair pair) override;
  void on_pair_settled(const JobName& job, const Recognition& recognition) override;
  void on_pair_under_result(ReadyPair pair) override;
  void on_pair_gone(const JobName& job) override;
  void on_pair_bad(const JobName& job, std::string reason) override;
  void on_scan_done() override;
  void on_all_found() override;
  bool has_scanned() const { return has_scanned_; }

 private:
  /// An end that the ledger has not taken yet, while its result goes into the folder already.
  struct SlowRecord {
    bool is_over = false;
    std::function<void(LedgerStore&)> mark;  // that the result is published: written after the end itself
  };

  /// What an attempt leaves behind until its result is written.
  struct PendingResult {
    PendingResult(const AttemptPlan& plan, AttemptReport report);
    std::optional<Snapshot> snapshot;
    IntentRecord intent;
    EndRecord end;
    std::int64_t job = 0;        // in the ledger; 0: it has no intent there
    std::uint64_t attempts = 0;  // tries at the POST
    // Of an early answer whose intent could not be recorded: both are, when that is possible. The ledger's
    // writer puts the job's number here.
    std::shared_ptr<std::int64_t> backfilled_job_id;
    std::shared_ptr<SlowRecord> slow_record;  // null: the ledger has taken its end, or has failed to
  };

  void advance();
  void carry_out(Action action);
  void look_up(ReadyPair pair);
  void say_known(const JobName& job, const Recognition& recognition);
  void arm_timer(std::optional<SteadyTime> at);
  void note_hindrance();
  void note_masses();

  // submit/dispatcher_lookups.cpp: what the ledger knows of a pair.
  boost::asio::awaitable<void> ask_ledger();
  boost::asio::awaitable<void> read_unread();
  void take_answer(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition);
  void take_along(const ReadyPair& pair, const Recognition& recognition);
  void note_published(ReadyPair pair, const JobRecord& record);
  boost::asio::awaitable<void> prove_stamps();
  boost::asio::awaitable<void> compare_with_results();

  boost::asio::awaitable<void> run_job(Action action);
  boost::asio::awaitable<void> record_end(Action action);
  // submit/dispatcher_record.cpp
  void note_recorded(const JobName& name, PendingResult& ending, const std::string& error);
  boost::asio::awaitable<void> watch_record(JobName name, EndRecord end, std::shared_ptr<LedgerWrite> write,
                                            std::shared_ptr<SlowRecord> slow);
  void mark_published(const PendingResult* ending, const JobRecord& record, PairLeft left);

  // submit/dispatcher_proof.cpp
  boost::asio::awaitable<void> choose(Action action);
  static void take_ruling(const Action& action, EndRecord& end);
  void withdraw(const JobName& job);
  boost::asio::awaitable<void> withdraw_now(JobName job);

  boost::asio::awaitable<void> publish(Action action);
  boost::asio::awaitable<void> publish_refusal(const Action& action);
  boost::asio::awaitable<void> mark_published_as(std::int64_t job, LedgerState told);
  bool is_still_about(const ReadyPair& pair, int folder_fd) const;
  void drop_snapshot_of_waiting(const JobName& name);
  boost::asio::awaitable<void> move_result(Action action);
  boost::asio::awaitable<void> publish_late(std::int64_t job);
  boost::asio::awaitable<JobRecord> find_record(const Action& action);
  void note_undeliverable(const JobRecord& record);
  boost::asio::awaitable<PairLeft> find_left(int folder, const JobRecord& record, bool is_start);
  boost::asio::awaitable<std::optional<JobRecord>> read_record(std::int64_t id);
  boost::asio::awaitable<bool> is_published(std::int64_t id);
  boost::asio::awaitable<std::unique_ptr<JobTurns::Turn>> take_turn(const Action& action);
  void end_job(AttemptPlan plan, AttemptReport report);
  LaneTransition tell_scheduler(const AttemptPlan& plan, const AttemptReport& report);

  void log_end(const AttemptPlan& plan, const AttemptReport& report);
  void log_accepted(const JobRecord& record);
  void log_doubt(const JobRecord& record);
  void log_refused(const JobName& job, const EndRecord& end, std::uint64_t attempts);
  void log_unrecorded(const JobName& job, const EndRecord& end, const std::string& reason);
  void log_namesake(const JobName& job, const EndRecord& end, const JobName& other);
  void log_undeliverable(const JobName& job, const std::string& file, const std::string& answer);
  void log_half_replaced(const JobRecord& record, const std::string& file);
  void log_under_result(const JobName& job, const KnownJob& known);
  void log_beside_others(const JobRecord& record, const std::string& file);
  void log_set_aside(const JobRecord& record, const std::string& file);
  void log_late(const JobRecord& record, const std::string& file);
  void note_ledger_read(const std::string& error);
  void log_lane(const LaneTransition& change, const std::string& reason);
  void for_each_client(const std::function<void(HttpClient&)>& action);

  Parts parts_;
  std::shared_ptr<ApiContext> context_;
  std::vector<std::weak_ptr<ApiContext>>
      retired_contexts_;  // before a reload: attempts may still be under way there
  Intake* intake_ = nullptr;
  OnChange on_change_;
  JobScheduler scheduler_;
  std::map<JobName, PendingResult> pending_results_;
  ToldRefusals told_refusals_;
  std::set<JobName> to_withdraw_;               // error files that are still being written
  std::map<JobName, std::string> bad_reasons_;  // of pairs that intake found to be bad, until that is written
  JobTurns turns_;                              // at writing a job's result
  std::set<std::int64_t> undeliverable_;        // jobs whose results found no folder: each scan tries again
  std::vector<ReadyPair> to_ask_;
  bool is_asking_ = false;
  std::deque<ReadyPair> to_read_;  // pairs whose images have to be read before they are known
  bool is_reading_ = false;
  std::deque<ReadyPair> to_prove_;  // published pairs whose stamps were too young to prove their content
  bool is_proving_ = false;
  std::map<JobName, ReadyPair> to_compare_;  // pairs that came under a result
  bool is_comparing_ = false;
  std::set<JobName> said_under_result_;  // that the result is about other files, until they are handed over
  ResultWriter writer_;
  boost::asio::steady_timer timer_;
  SteadyTime armed_for_ = SteadyTime::max();
  std::minstd_rand dice_{static_cast<std::minstd_rand::result_type>(random_word())};
  DispatchCounts counts_;
  LogThrottle troubles_;  // of attempts
  LogThrottle pauses_;
  bool is_ledger_unreadable_ = false;
  PauseNote pause_note_;
  BlockReason last_block_reason_ = BlockReason::none;
  MassState kept_masses_ = MassState::none;  // as the ledger has it
  SteadyTime last_progress_;
  std::string setback_;
  CommitState commit_state_;
  bool has_scanned_ = false;
  bool is_advancing_ = false;
  TaskGroup tasks_;  // last: its coroutines refer to everything above
};

}  // namespace reeld
