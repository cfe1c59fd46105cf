#pragma once
// What attempts leave behind until it is in the folder: what is pending, and who records and writes it.
//
// Lifetime: a member of the dispatcher; outlives its coroutines. Threads: the loop's.

#include "submit/end_recorder.hpp"
#include "submit/error_files.hpp"
#include "submit/pending_result.hpp"
#include "submit/publisher.hpp"
#include "submit/result_writer.hpp"

namespace reeld {

struct Results {
  struct Parts {
    boost::asio::any_io_executor loop;
    boost::asio::thread_pool& workers;
    boost::asio::thread_pool& syncs;
    int spool_fd;  // kept by the caller
    Log& log;
    LedgerClient& ledger;
    SubmissionLog& submission_log;
    Rests& rests;
    PairUpkeep& upkeep;
    CommitState& commit_state;
    const JobScheduler& scheduler;
    TaskGroup& tasks;
    std::function<void(const JobName&)> on_withdrawn;  // the pair is to be looked at again
  };
  explicit Results(const Parts& parts)
      : writer(parts.loop, parts.syncs, parts.log, parts.rests),
        recorder(parts.workers, parts.ledger, parts.submission_log, pending, parts.tasks),
        publisher({parts.loop, parts.workers, parts.spool_fd, parts.ledger, parts.submission_log, writer,
                   recorder, parts.upkeep, pending, parts.commit_state, parts.scheduler, parts.tasks}),
        error_files({parts.spool_fd, parts.syncs, parts.ledger, parts.submission_log, writer, pending,
                     parts.scheduler, parts.tasks, parts.on_withdrawn}) {}
  Results(const Results&) = delete;  // its members refer to each other
  Results& operator=(const Results&) = delete;

  PendingResults pending;
  ResultWriter writer;
  EndRecorder recorder;
  Publisher publisher;
  ErrorFiles error_files;
};

}  // namespace reeld
