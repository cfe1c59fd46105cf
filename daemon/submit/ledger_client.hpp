#pragma once
// The loop's side of the ledger: writes through the group commit, questions on a worker, and whether the
// ledger is well. While it is not, nothing is sent; it is tried again until it is.
//
// Lifetime: owned by the SpoolService. `stop` before the loop runs out; what is queued is still written.
// Threads: the loop's.

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "async/waiter.hpp"
#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "ledger/group_commit.hpp"
#include "ledger/open_ledger.hpp"
#include "ledger/reserve.hpp"
#include "log/log.hpp"
#include "spool/pair_lookup.hpp"

namespace reeld {

/// A write that is under way. Held by who waits for it.
struct LedgerWrite : Waiter {
  bool is_done = false;
  std::string error;  // "" : it was written, and is durable
};

class LedgerClient {
 public:
  using Guard = boost::asio::executor_work_guard<boost::asio::any_io_executor>;

  /// `spool_fd` is kept by the caller.
  LedgerClient(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, OpenLedger ledger,
               int spool_fd, Log& log);
  ~LedgerClient();
  /// `on_change`: the ledger has become well or unwell, or, once it was told to stop, idle. `on_growth`: its
  /// generation has grown.
  void start(std::function<void()> on_change, std::function<void()> on_growth) {
    on_change_ = std::move(on_change);
    on_growth_ = std::move(on_growth);
  }
  void stop();

  std::shared_ptr<LedgerWrite> begin(LedgerOperation operation);
  /// What fails is tried again as if it had been posted, before what was posted after it.
  std::shared_ptr<LedgerWrite> begin_kept(std::function<void(LedgerStore&)> run) {
    return begin_kept(Posting{std::move(run)});
  }
  boost::asio::awaitable<void> wait(std::shared_ptr<LedgerWrite> write);
  /// For half a second at most; false: it is still under way.
  boost::asio::awaitable<bool> wait_a_while(std::shared_ptr<LedgerWrite> write);
  /// `begin_kept` and awaited; the text says why it failed, "" if it is durable.
  boost::asio::awaitable<std::string> write(std::function<void(LedgerStore&)> run);
  /// Nobody waits for it: it goes with the next write, or a moment later. What fails is tried again once the
  /// ledger is well.
  void post(std::function<void(LedgerStore&)> run) { post(Posting{std::move(run)}); }
  /// Likewise: where the job's pair lies by now. Until that is written, answers to questions have its old
  /// place.
  void post_move(std::int64_t job, NewPlace place) { post(make_move(job, std::move(place))); }
  /// Likewise, written now; the text as `write` has it.
  boost::asio::awaitable<std::string> write_move(std::int64_t job, NewPlace place);
  bool is_moving(std::int64_t job) const { return moving_.contains(job); }
  /// What was posted, now; the text as `write` has it.
  boost::asio::awaitable<std::string> write_posted();

  /// What is known of each pair; null where the ledger knows nothing, "unread" where an image has to be read
  /// to tell (`find_by_reading`). Asks on a worker, as all of these. Errors: SqliteError out of the await.
  struct Found {
    std::shared_ptr<const Recognition> recognition;
    bool is_unread = false;
  };
  boost::asio::awaitable<std::vector<Found>> find(std::vector<ReadyPair> pairs);
  /// Questions for the workers: what `PairLookup::find_settled` says, null for nothing; also where the
  /// ledger cannot be read, and for good once it was opened anew, for `find` asks again. None: the ledger was
  /// empty.
  OpenSettled settled_opener() const;
  /// Reads the image, on a thread of its own: what waits for the workers does not wait for that.
  boost::asio::awaitable<std::shared_ptr<const Recognition>> find_by_reading(ReadyPair pair);
  /// Reads likewise.
  boost::asio::awaitable<PairLookup::UnderResult> compare_with_result(ReadyPair pair);
  boost::asio::awaitable<std::optional<JobRecord>> read(std::int64_t job);
  /// LedgerReader::knows_answer.
  boost::asio::awaitable<bool> knows_answer(std::string api_id, std::int64_t but, std::string beside);
  boost::asio::awaitable<bool> read_held();
  boost::asio::awaitable<LedgerNumbers> read_numbers(SystemTime now);
  boost::asio::awaitable<std::vector<FinishedJob>> find_finished(SystemTime before, std::int64_t after,
                                                                 std::size_t most);

  /// Space for one more answer than `in_flight` is held back; the text says why not.
  boost::asio::awaitable<std::string> reserve_answers(std::size_t in_flight);

  /// A name for an attempt, that no other has or had.
  std::string make_token();
  /// As it stands in the spool, but for the generation: that is the ledger's own.
  const SpoolMarker& marker() const { return ledger_.marker; }
  void note_generation(std::int64_t generation) {
    if (generation <= ledger_.marker.generation) return;
    ledger_.marker.generation = generation;
    if (on_growth_) on_growth_();
  }
  const std::string& path() const { return ledger_.path; }
  /// Of the digests in it.
  std::uint64_t digest_seed() const { return digest_seed_; }
  bool is_healthy() const { return is_well_; }
  /// No write is under way.
  bool is_idle() const { return pending_.empty(); }
  /// Since when the oldest write that has not ended yet is under way; nullopt: none is.
  std::optional<SteadyTime> oldest_write() const;

 private:
  struct Posting {
    std::function<void(LedgerStore&)> run;
    std::int64_t moves = 0;  // the job whose pair lies elsewhere by it; 0: none
  };
  using Posted = std::shared_ptr<const std::vector<Posting>>;
  struct Pending {
    std::shared_ptr<LedgerWrite> write;
    Posted posted;  // what is to be written again, should this fail; null: who waits for it sees to that
    Guard guard;
    SteadyTime begun;
  };
  struct ReadConnection;
  struct SettledQuestions;

  Posting make_move(std::int64_t job, NewPlace place);
  void post(Posting posting);
  std::shared_ptr<LedgerWrite> begin_kept(Posting posting);
  void submit(LedgerOperation operation, std::shared_ptr<LedgerWrite> write, Posted posted);
  boost::asio::awaitable<std::string> wait_for_error(std::shared_ptr<LedgerWrite> write);
  void forget_moves(const std::vector<Posting>& written);
  void on_outcomes(const std::vector<GroupCommit::Outcome>& outcomes);
  void note_failure(const std::string& error);
  void note_success();
  void reopen_reader();
  std::shared_ptr<ReadConnection> require_questions() const;
  std::shared_ptr<ReadConnection> require_reading_questions();
  void try_again();
  Posted take_posted();
  void flush();
  void arm_impatience();
  void on_impatient();

  boost::asio::any_io_executor loop_;
  boost::asio::thread_pool& workers_;
  Log& log_;
  OpenLedger ledger_;
  std::function<void()> on_change_;
  std::function<void()> on_growth_;
  std::map<std::uint64_t, Pending> pending_;
  std::vector<Posting> unwritten_;
  std::multiset<std::int64_t> moving_;  // what is posted of each
  std::uint64_t last_ticket_ = 0;
  const std::int64_t start_;  // the generation of this start, which no other has
  std::uint64_t last_token_ = 0;
  bool is_well_ = true;
  bool is_stopped_ = false;
  milliseconds pause_{0};
  boost::asio::steady_timer retry_timer_;
  boost::asio::steady_timer flush_timer_;
  struct Impatience {
    std::weak_ptr<LedgerWrite> write;
    SteadyTime due;
  };
  std::deque<Impatience> impatient_;
  boost::asio::steady_timer impatience_timer_;
  bool is_impatience_armed_ = false;
  bool is_flush_due_ = false;
  bool is_retry_due_ = false;
  LedgerReserve reserve_;
  const int spool_fd_;
  std::uint64_t digest_seed_ = 0;
  bool had_jobs_;  // at the start
  const std::shared_ptr<std::atomic<int>> open_connections_ = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<ReadConnection>
      read_connection_;  // null while the ledger's log is lost: then nothing can be read
  std::shared_ptr<ReadConnection> second_read_connection_;  // on `reader_`; opened when first needed
  std::unique_ptr<boost::asio::thread_pool> reader_;        // one thread; made when first needed
  std::unique_ptr<GroupCommit> commits_;                    // last: its writer delivers to what stands above
};

}  // namespace reeld
