#pragma once
// One coroutine at a time for each job of the ledger; the others wait for their turn, first come first
// served.
//
// Lifetime: outlives whoever waits and every turn. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>

#include "async/waiter.hpp"

namespace reeld {

class JobTurns {
 public:
  explicit JobTurns(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

  /// Lasts as long as it lives.
  class Turn {
   public:
    Turn(JobTurns& turns, std::int64_t job) : turns_(turns), job_(job) {}
    ~Turn() { turns_.pass_on(job_); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    JobTurns& turns_;
    std::int64_t job_;
  };

  boost::asio::awaitable<std::unique_ptr<Turn>> take(std::int64_t job);
  bool is_taken(std::int64_t job) const { return waiting_.contains(job); }
  /// Somebody waits behind whoever's turn it is.
  bool is_awaited(std::int64_t job) const {
    const auto queue = waiting_.find(job);
    return queue != waiting_.end() && !queue->second.empty();
  }

 private:
  void pass_on(std::int64_t job);

  boost::asio::any_io_executor loop_;
  std::map<std::int64_t, std::deque<std::shared_ptr<Waiter>>> waiting_;  // behind whoever's turn it is
};

}  // namespace reeld
