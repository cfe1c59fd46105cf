#pragma once
// Keeps the spool's marker near the ledger's generation, so that a ledger that is restored from a backup is
// known to be older: at most a second behind while pairs are sent, and not at all when reeld has stopped.
//
// Lifetime: owned by the SpoolService; `stop` before the loop runs out. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "async/task_group.hpp"
#include "submit/ledger_client.hpp"

namespace reeld {

class MarkerKeeper {
 public:
  MarkerKeeper(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
               std::string spool_path, LedgerClient& ledger, Log& log, TaskGroup& tasks);

  /// The ledger's generation may have grown.
  void look();
  /// What is due is written at once, or, where that fails, not any more: a marker may lag.
  void stop();

 private:
  boost::asio::awaitable<void> keep();
  void note_failure(const std::string& reason);

  boost::asio::thread_pool& workers_;
  int spool_fd_;
  std::string spool_path_;
  LedgerClient& ledger_;
  Log& log_;
  TaskGroup& tasks_;
  boost::asio::steady_timer timer_;
  std::int64_t marked_;
  milliseconds lag_;
  bool is_keeping_ = false;
  bool has_failed_ = false;    // and that was said
  bool has_given_up_ = false;  // it failed while stopping
  bool is_stopped_ = false;
};

}  // namespace reeld
