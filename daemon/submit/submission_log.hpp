#pragma once
// What is said of submissions in the log, and the numbers that are told with it: ends of jobs, pauses,
// troubles.
//
// Lifetime: log and metrics are kept by the caller. Threads: the loop's.

#include <cstdint>
#include <string>

#include "core/log_throttle.hpp"
#include "ledger/records.hpp"
#include "scheduler/job_scheduler.hpp"
#include "submit/attempt.hpp"

namespace reeld {

class Metrics;

/// Jobs that have come to an end since the start.
struct EndedJobs {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // bad input included
  std::uint64_t doubt = 0;
};

/// Of the lane's pause, or the last one.
struct PauseNote {
  SystemTime since;
  std::string reason;  // what the attempt that brought it on ended with
};

class SubmissionLog {
 public:
  SubmissionLog(Log& log, Metrics& metrics);

  /// A trouble that goes on is loud once, and then a number.
  void log_end(const AttemptPlan& plan, const AttemptReport& report);
  /// What the job's end was, once its result is in its folder, or cannot be.
  void log_accepted(const JobRecord& record);
  void log_doubt(const JobRecord& record);
  void log_refused(const JobName& job, const EndRecord& end, std::uint64_t attempts);
  /// Its error file was removed again: it is none that is counted.
  void log_withdrawn(const JobName& job);
  /// `end` is in this line alone, should the ledger never take it.
  void log_unrecorded(const JobName& job, const EndRecord& end, const std::string& reason);
  /// `other` has the same id.
  void log_namesake(const JobName& job, const EndRecord& end, const JobName& other);

  // How a result got to where it is, or did not. `answer` is "" for what was not paid for.
  void log_undeliverable(const JobName& job, const std::string& file, const std::string& answer);
  void log_half_replaced(const JobRecord& record, const std::string& file);
  void log_beside_others(const JobRecord& record, const std::string& file);
  void log_set_aside(const JobRecord& record, const std::string& file);
  void log_late(const JobRecord& record, const std::string& file);

  // Pairs that are not sent.
  void log_known(const JobName& job, const Recognition& recognition);
  void log_taken_along(const JobRecord& record, const JobName& now);
  void log_under_result(const JobName& job, const KnownJob& known);
  void log_busy(const JobName& job);
  void log_masses(const MassNews& news);

  void log_lane(const LaneTransition& change, const std::string& reason);
  /// The day's cap is reached, or no longer: said once each.
  void note_block_reason(BlockReason now);
  /// Of a question to the ledger: said when that begins to fail and when it ends. "" : it was answered.
  void note_ledger_read(const std::string& error);

  bool is_ledger_unreadable() const { return is_ledger_unreadable_; }
  const EndedJobs& ended() const { return ended_; }
  const PauseNote& pause_note() const { return pause_note_; }
  /// When a job last came to its end.
  SteadyTime last_end() const { return last_end_; }

 private:
  void note_end(std::uint64_t& count);

  Log& log_;
  Metrics& metrics_;
  EndedJobs ended_;
  LogThrottle troubles_;  // of attempts
  LogThrottle pauses_;
  PauseNote pause_note_;
  BlockReason last_block_reason_ = BlockReason::none;
  bool is_ledger_unreadable_ = false;
  SteadyTime last_end_;
};

}  // namespace reeld
