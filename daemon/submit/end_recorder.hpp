#pragma once
// Has the ledger record how attempts ended, and that their results are in their folders. A disk that hangs
// does not hide a paid answer: it is published meanwhile, and recorded when that is possible.
//
// Lifetime: a member of the dispatcher; outlives its coroutines. Threads: the loop's. Durability: an end
// whose result is published is recorded before, but where the ledger fails or takes longer than half a
// second.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <memory>

#include "async/task_group.hpp"
#include "spool/result_place.hpp"
#include "submit/ledger_client.hpp"
#include "submit/pending_result.hpp"
#include "submit/submission_log.hpp"

namespace reeld {

class EndRecorder {
 public:
  EndRecorder(boost::asio::thread_pool& workers, LedgerClient& ledger, SubmissionLog& log,
              PendingResults& pending, TaskGroup& tasks)
      : workers_(workers), ledger_(ledger), log_(log), pending_(pending), tasks_(tasks) {}

  /// Of what is pending of that job, which stays there until the await has ended. `doubt_pause`: after which
  /// a doubt is repeated, where it is.
  boost::asio::awaitable<void> record(Action action, milliseconds doubt_pause);
  /// Never before the end itself: that would take the mark away again. `pending` may be null.
  void mark_published(const PendingResult* pending, const JobRecord& record, PairLeft left);

 private:
  void note_recorded(const JobName& name, PendingResult& pending, const std::string& error);
  boost::asio::awaitable<void> watch(JobName name, EndRecord end, std::shared_ptr<LedgerWrite> write,
                                     std::shared_ptr<SlowRecord> slow);

  boost::asio::thread_pool& workers_;
  LedgerClient& ledger_;
  SubmissionLog& log_;
  PendingResults& pending_;
  TaskGroup& tasks_;
};

}  // namespace reeld
