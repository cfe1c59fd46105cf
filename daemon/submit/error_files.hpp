#pragma once
// The error files of pairs that were refused, by the API or before they were sent: written, and withdrawn
// where it turns out that all pairs are refused alike.
//
// Lifetime: a member of the dispatcher; outlives its coroutines. Threads: the loop's.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "async/task_group.hpp"
#include "submit/ledger_client.hpp"
#include "submit/pending_result.hpp"
#include "submit/result_writer.hpp"
#include "submit/submission_log.hpp"
#include "submit/told_refusals.hpp"

namespace reeld {

class ErrorFiles {
 public:
  struct Parts {
    int spool_fd;  // kept by the caller
    boost::asio::thread_pool& syncs;
    LedgerClient& ledger;
    SubmissionLog& log;
    ResultWriter& writer;
    PendingResults& pending;
    const JobScheduler& scheduler;
    TaskGroup& tasks;
    std::function<void(const JobName&)> on_withdrawn;  // the pair is to be looked at again
  };
  explicit ErrorFiles(Parts parts) : parts_(std::move(parts)) {}

  /// Intake has found the pair to be bad, and so it is never sent.
  void note_bad(const JobName& job, std::string reason) { bad_reasons_[job] = std::move(reason); }
  boost::asio::awaitable<void> publish(Action action);

  /// One that is still on its way goes when it is there. A pair that is ready anew has none any more.
  void withdraw(const JobName& job);
  /// The pair is sent again, so that nothing is to be withdrawn any more.
  void note_started(const JobName& job) { to_withdraw_.erase(job); }
  /// Its file is there, and it is looked at again.
  void note_written(const JobName& job);
  /// The operator has changed something: those that are still on their way stay.
  void keep_all() { to_withdraw_.clear(); }

 private:
  boost::asio::awaitable<void> withdraw_now(JobName job);

  Parts parts_;
  std::map<JobName, std::string> bad_reasons_;  // until they are written
  ToldRefusals told_;
  std::set<JobName> to_withdraw_;  // error files that are still being written
};

}  // namespace reeld
