#pragma once
// What the ledger knows of the pairs that intake has found: asked in batches, and, where a file has to be
// read for it, one at a time and off everybody's way. A question that fails is asked again until it is
// answered.
//
// Lifetime: a member of its listener; outlives its coroutines. Threads: the loop's.

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "async/rests.hpp"
#include "async/task_group.hpp"
#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "submit/ledger_client.hpp"
#include "submit/submission_log.hpp"

namespace reeld {

class LookupListener {
 public:
  LookupListener() = default;
  LookupListener(const LookupListener&) = delete;
  LookupListener& operator=(const LookupListener&) = delete;
  virtual ~LookupListener() = default;
  /// Its files are read first: that may take a while.
  virtual void on_reading(const JobName& job) = 0;
  /// `recognition` is null where the ledger knows nothing.
  virtual void on_looked_up(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition) = 0;
  /// So many were told at once; now is the time for what follows from them.
  virtual void on_batch_looked_up() = 0;
};

class LedgerLookup {
 public:
  LedgerLookup(LedgerClient& ledger, SubmissionLog& log, Rests& rests, TaskGroup& tasks,
               LookupListener& listener)
      : ledger_(ledger), log_(log), rests_(rests), tasks_(tasks), listener_(listener) {}

  void ask(ReadyPair pair);

 private:
  boost::asio::awaitable<void> ask_all();
  boost::asio::awaitable<void> read_all();
  boost::asio::awaitable<bool> is_overtaken(std::shared_ptr<const Recognition> recognition);
  boost::asio::awaitable<void> wait_to_ask_again(bool has_failed);

  LedgerClient& ledger_;
  SubmissionLog& log_;
  Rests& rests_;
  TaskGroup& tasks_;
  LookupListener& listener_;
  std::vector<ReadyPair> to_ask_;
  bool is_asking_ = false;
  std::deque<ReadyPair> to_read_;
  bool is_reading_ = false;
};

}  // namespace reeld
