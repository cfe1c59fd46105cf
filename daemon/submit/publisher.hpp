#pragma once
// Writes what was paid for, or may have been, into the folders of its pairs, wherever those are by now, and
// has the ledger note that it is there. What finds no folder is tried again with each scan.
//
// Lifetime: a member of the dispatcher; outlives its coroutines. Threads: the loop's. Durability: a result is
// synced before the ledger calls it published.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "async/task_group.hpp"
#include "spool/result_place.hpp"
#include "submit/end_recorder.hpp"
#include "submit/job_turns.hpp"
#include "submit/pair_upkeep.hpp"
#include "submit/pending_result.hpp"
#include "submit/result_writer.hpp"

namespace reeld {

class Publisher {
 public:
  struct Parts {
    boost::asio::any_io_executor loop;
    boost::asio::thread_pool& workers;
    int spool_fd;  // kept by the caller
    LedgerClient& ledger;
    SubmissionLog& log;
    ResultWriter& writer;
    EndRecorder& recorder;
    PairUpkeep& upkeep;
    PendingResults& pending;
    CommitState& commit_state;
    const JobScheduler& scheduler;
    TaskGroup& tasks;
  };
  explicit Publisher(Parts parts) : parts_(std::move(parts)), turns_(parts_.loop) {}

  /// A job that is accepted or in doubt.
  boost::asio::awaitable<void> publish(Action action);
  /// The pair was moved, or was refused and not told: its job goes with it, and then its result. True: a
  /// person has settled it meanwhile, so that the pair is to be looked at again.
  boost::asio::awaitable<bool> move_result(Action action);
  /// Results that the ledger owes the spool.
  void publish_backlog(const std::vector<std::int64_t>& jobs);
  /// A folder that was taken away may be back.
  void retry_undeliverable();

 private:
  /// Of a job whose result found no folder. The whole spool is searched for it seldom, and ever more so:
  /// where its pair turns up, intake finds it.
  struct Undelivered {
    std::uint32_t searches = 0;
    SteadyTime next_search{};
  };

  boost::asio::awaitable<void> publish_late(std::int64_t id, bool may_search);
  bool is_search_due(Undelivered& one);
  boost::asio::awaitable<void> move(Action action, JobRecord record, int folder_fd);
  boost::asio::awaitable<std::optional<JobRecord>> read_record(std::int64_t id);
  boost::asio::awaitable<bool> is_published(std::int64_t id);
  boost::asio::awaitable<std::unique_ptr<JobTurns::Turn>> take_turn(std::int64_t id);
  // What is referred to is kept by the caller until the await has ended.
  boost::asio::awaitable<JobRecord> find_record(const Action& action);
  boost::asio::awaitable<PairLeft> find_left(int folder_fd, const JobRecord& record, bool is_start);
  /// Where the result of a job goes, both of whose files are others by now.
  enum class Place { here, aside, later };
  boost::asio::awaitable<Place> choose_place(int folder_fd, const JobRecord& record, PairLeft left);
  boost::asio::awaitable<Place> choose_beside_others(int folder_fd, const JobRecord& record);
  void note_undeliverable(const JobRecord& record);
  void log_end(const JobRecord& record);

  Parts parts_;
  JobTurns turns_;  // at writing a job's result: nobody else may write it meanwhile
  std::map<std::int64_t, Undelivered> undeliverable_;
};

}  // namespace reeld
