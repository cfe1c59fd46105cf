#pragma once
// What an attempt leaves behind until its result is written: by job, in memory only. The ledger has, or gets,
// the same; this is there while it cannot be asked.
//
// Threads: the loop's.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "core/job_name.hpp"
#include "ledger/ledger_store.hpp"
#include "ledger/records.hpp"
#include "spool/snapshot.hpp"
#include "submit/attempt.hpp"

namespace reeld {

/// An end that the ledger has not taken yet, while its result goes into the folder already.
struct SlowRecord {
  bool is_over = false;
  std::function<void(LedgerStore&)> mark;  // that the result is published: written after the end itself
};

struct PendingResult {
  PendingResult() = default;
  PendingResult(const AttemptPlan& plan, AttemptReport report);
  /// What the ledger holds of the attempt, or would hold if it could be written; without number, name and
  /// state.
  JobRecord describe() const;

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

class PendingResults {
 public:
  /// Null: no attempt of it has ended, or its result is written.
  PendingResult* find(const JobName& job);
  const PendingResult* find(const JobName& job) const;
  /// Of a job whose attempt has ended.
  PendingResult& at(const JobName& job) { return results_.at(job); }
  /// The number of the job in the ledger: its attempt's, else the one that is known of its pair; 0: none.
  std::int64_t find_number(const Action& action) const;
  /// In place of what an earlier attempt has left. A reference holds until the job's next attempt ends, or it
  /// is erased.
  PendingResult& put(const JobName& job, PendingResult result);
  void erase(const JobName& job) { results_.erase(job); }
  /// What waits is opened anew when its turn comes: descriptors are few.
  void drop_snapshot(const JobName& job);
  template <class Condition>
  void erase_if(const Condition& is_to_go) {
    std::erase_if(results_, [&](const auto& entry) { return is_to_go(entry.first); });
  }

 private:
  std::map<JobName, PendingResult> results_;
};

}  // namespace reeld
