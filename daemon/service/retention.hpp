#pragma once
// Forgets, once a day, answers and texts of finished jobs that are older than `[ledger] keep` and whose pair
// is gone from the spool: neither of the two files is at its path or anywhere else in it, today or the day
// before. What a job is known by, its state and its id stay; what is open, in doubt or owed is left as it is.
//
// Lifetime: owned by the SpoolService; `stop` before the loop runs out. Threads: the loop's; the
// walk is on a thread of its own.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <set>
#include <stop_token>

#include "async/rests.hpp"
#include "async/task_group.hpp"
#include "submit/ledger_client.hpp"

namespace reeld {

class Retention {
 public:
  Retention(boost::asio::any_io_executor loop, int spool_fd, LedgerClient& ledger, TaskGroup& tasks)
      : spool_fd_(spool_fd), ledger_(ledger), tasks_(tasks), rests_(std::move(loop)) {}

  /// A first round soon, then one a day. `keep`: at least a day, for `per_day` is counted from the ledger.
  void start(milliseconds keep);
  void change_keep(milliseconds keep) { keep_ = keep; }
  void stop();
  /// One round: forgets the texts of jobs that this round and the one before have found missing. What tells
  /// that a pair is known stays. Errors: SqliteError. One at a time.
  boost::asio::awaitable<void> forget_once();

 private:
  boost::asio::awaitable<void> run();

  int spool_fd_;
  LedgerClient& ledger_;
  TaskGroup& tasks_;
  Rests rests_;
  milliseconds keep_{0};
  std::set<std::int64_t> gone_before_;  // in the round before: jobs
  std::stop_source cancel_;
  boost::asio::thread_pool walker_{1};  // of its own: a walk may be long, and nothing is to wait for it
};

/// Those of `jobs` neither of whose files is in the spool, by path or by inode; none where it was cancelled,
/// or the file system makes inodes up (FUSE, network file systems). Blocks: it reads every folder.
std::vector<std::int64_t> find_missing(int spool_fd, const std::vector<FinishedJob>& jobs,
                                       const std::stop_token& cancelled = {});

}  // namespace reeld
