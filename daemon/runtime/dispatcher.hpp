#pragma once
// From pairs that are ready to results in their folders: who goes next (core/turns), when (core/lane), and
// what each verdict leads to. It holds a pair in memory from the time it is ready until its result is in its
// folder.
//
// Lifetime: owned by the composition root; destroyed once `is_idle()` after `stop_sending()`.
// Threads: the loop's only.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "core/lane.hpp"
#include "core/turns.hpp"
#include "runtime/attempt.hpp"
#include "runtime/intake.hpp"
#include "runtime/job_memory.hpp"
#include "runtime/task_group.hpp"

namespace reeld {

/// Numbers since the start, and of now.
struct DispatchCounts {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // bad input included
  std::uint64_t doubt = 0;
  std::size_t waiting = 0;
  std::size_t in_flight = 0;    // attempts under way
  std::size_t unpublished = 0;  // results that could not be written yet
};

class Dispatcher : public IntakeListener {
 public:
  struct Parts {
    boost::asio::any_io_executor loop;
    boost::asio::thread_pool& workers;
    int spool_fd;
    std::string spool_path;
    Log& log;
  };
  using OnChange = std::function<void()>;

  Dispatcher(Parts parts, std::shared_ptr<ApiSide> side);

  /// `intake` is told when a job is done with. `on_change` is called after whatever may end a drain or a
  /// stop.
  void start(Intake& intake, OnChange on_change);
  /// New settings, key or client; what is in flight goes on under the old.
  void change_side(std::shared_ptr<ApiSide> side);
  /// No attempt begins, and those that have not passed the commit point end; answers are still waited for.
  void stop_sending();
  /// Ends those too (in doubt), and gives up on results that cannot be written.
  void insist();

  bool is_idle() const { return tasks_.running() == 0; }
  DispatchCounts counts() const;
  /// Attempts that have passed the commit point and have no answer yet.
  std::size_t awaiting_answers() const { return commit_state_.awaiting; }
  const Lane& lane() const { return lane_; }
  /// When a verdict other than unsent last came, or a pair became ready.
  SteadyTime last_progress() const { return last_progress_; }

  void on_pair_ready(ReadyPair pair) override;
  void on_pair_gone(const JobName& job) override;
  void on_pair_bad(const JobName& job, std::string reason) override;
  void on_scan_done() override;
  bool has_scanned() const { return has_scanned_; }

 private:
  struct Job {
    ReadyPair pair;
    std::uint64_t attempts = 0;         // tries at the POST
    std::uint32_t unsent_in_a_row = 0;  // after bytes of the body had been sent
    SteadyTime ready_at{};
    milliseconds queued{0};  // from being ready to the latest attempt
    bool is_running = false;
    bool is_gone = false;                // its files changed while it was running
    std::optional<ReadyPair> successor;  // ... and are ready anew
  };

  /// What losing a result would cost.
  enum class Worth {
    nothing,  // an error file: it can be made again
    kept,     // a doubt file: it is not made again, and holds the prompt's beginning
    paid,     // the API's answer: logged whole where it cannot be written
  };

  void pump();
  void pump_later(SteadyTime at);
  void begin(const JobName& name);
  bool is_known(const ReadyPair& pair);
  void let_go(const PairIdentity& pair);
  boost::asio::awaitable<void> run_job(JobName name, AttemptPlan plan, std::uint64_t ticket);
  boost::asio::awaitable<void> write_bad(JobName name, std::string reason);
  boost::asio::awaitable<void> handle_report(JobName name, const AttemptPlan& plan, AttemptReport report);
  boost::asio::awaitable<void> publish_result(const JobName& name, int folder_fd, std::string file,
                                              std::string contents, Worth worth);
  boost::asio::awaitable<void> wait_before_retry(milliseconds wait);
  void settle_lane(const AttemptReport& report, std::uint64_t ticket);
  void log_lane(const LaneChange& change, const std::string& reason);
  void log_end(const JobName& name, const AttemptPlan& plan, const AttemptReport& report);
  void remember(const AttemptReport& report);
  void log_verdict(const JobName& name, const AttemptPlan& plan, const AttemptReport& report);
  void put_back(const JobName& name, const AttemptReport& report);
  void finish(const JobName& name);
  void start_over(const JobName& name);
  void note_progress();
  void for_each_client(const std::function<void(HttpClient&)>& action);

  Parts parts_;
  std::shared_ptr<ApiSide> side_;
  std::vector<std::weak_ptr<ApiSide>> older_sides_;  // before a reload: attempts may still be under way there
  Intake* intake_ = nullptr;
  OnChange on_change_;
  Lane lane_;
  Turns turns_;
  JobMemory memory_;
  std::map<PairIdentity, std::vector<JobName>>
      sending_;  // under way, with those that are the same files elsewhere
  std::map<JobName, Job> jobs_;
  std::set<boost::asio::steady_timer*> retry_waits_;
  boost::asio::steady_timer pump_timer_;
  std::minstd_rand dice_{std::random_device{}()};
  DispatchCounts counts_;
  std::string last_trouble_;
  std::uint64_t repeats_ = 0;  // of that trouble, in a row
  SteadyTime last_progress_;
  CommitState commit_state_;
  bool is_insisting_ = false;
  bool has_scanned_ = false;
  TaskGroup tasks_;  // last: its coroutines refer to everything above
};

/// What the lane obeys, from the settings.
LaneLimits lane_limits(const SubmitSettings& submit);

}  // namespace reeld
