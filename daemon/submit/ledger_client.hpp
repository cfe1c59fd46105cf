#pragma once
// The loop's side of the ledger: writes through the group commit, and the questions beside them
// (submit/ledger_questions). While it cannot be written nothing is sent; it is tried again until it can.
//
// Lifetime: owned by the SpoolService. `stop` before the loop runs out; what is queued is still written.
// Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/wake_timer.hpp"
#include "ledger/group_commit.hpp"
#include "ledger/open_ledger.hpp"
#include "log/log.hpp"
#include "submit/answer_space.hpp"
#include "submit/ledger_health.hpp"
#include "submit/ledger_questions.hpp"
#include "submit/ledger_write.hpp"
#include "submit/limited_waits.hpp"
#include "submit/posted_writes.hpp"

namespace reeld {

/// Names for attempts, that no other attempt has or had: `start` is the generation of this start.
class AttemptTokens {
 public:
  explicit AttemptTokens(std::int64_t start) : start_(start) {}
  std::string make() { return std::to_string(start_) + "-" + std::to_string(++last_); }

 private:
  const std::int64_t start_;
  std::uint64_t last_ = 0;
};

class LedgerClient {
 public:
  /// `spool_fd` and `workers` are kept by the caller.
  LedgerClient(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, OpenLedger ledger,
               int spool_fd, Log& log);
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
    return begin_kept(PostedWrites::Posting{std::move(run)});
  }
  boost::asio::awaitable<void> wait(std::shared_ptr<LedgerWrite> write);
  /// For half a second at most; false: it is still under way.
  boost::asio::awaitable<bool> wait_a_while(std::shared_ptr<LedgerWrite> write) {
    return waits_.wait(std::move(write));
  }
  /// `begin_kept` and awaited; the text says why it failed, "" if it is durable.
  boost::asio::awaitable<std::string> write(std::function<void(LedgerStore&)> run);
  /// Nobody waits for it: it goes with the next write, or a moment later. What fails is tried again once the
  /// ledger is well.
  void post(std::function<void(LedgerStore&)> run) { post(PostedWrites::Posting{std::move(run)}); }
  /// Likewise: where the job's pair lies by now. Until that is written, answers to questions have its old
  /// place.
  void post_move(std::int64_t job, NewPlace place) { post(posted_.make_move(job, std::move(place))); }
  /// Likewise, written now; the text as `write` has it.
  boost::asio::awaitable<std::string> write_move(std::int64_t job, NewPlace place);
  bool is_moving(std::int64_t job) const { return posted_.is_moving(job); }
  /// What was posted, now; the text as `write` has it.
  boost::asio::awaitable<std::string> write_posted();

  LedgerQuestions& questions() { return questions_; }
  AnswerSpace& space() { return space_; }
  AttemptTokens& tokens() { return tokens_; }
  /// As it stands in the spool, but for the generation: that is the ledger's own.
  const SpoolMarker& marker() const { return ledger_.marker; }
  void note_generation(std::int64_t generation);
  const std::string& path() const { return ledger_.path; }
  bool is_healthy() const { return health_.is_healthy(); }
  /// No write is under way.
  bool is_idle() const { return pending_.empty(); }
  /// Since when the oldest write that has not ended yet is under way; nullopt: none is.
  std::optional<SteadyTime> oldest_write() const;

 private:
  using Guard = boost::asio::executor_work_guard<boost::asio::any_io_executor>;
  struct Pending {
    std::shared_ptr<LedgerWrite> write;  // null: nobody waits for it
    PostedWrites::Batch posted;          // what is to be written again, should this fail; null: nothing
    Guard guard;
    SteadyTime begun;
  };

  void post(PostedWrites::Posting posting);
  std::shared_ptr<LedgerWrite> begin_kept(PostedWrites::Posting posting);
  void submit(LedgerOperation operation, std::shared_ptr<LedgerWrite> write, PostedWrites::Batch posted);
  boost::asio::awaitable<std::string> wait_for_error(std::shared_ptr<LedgerWrite> write);
  void on_outcomes(const std::vector<GroupCommit::Outcome>& outcomes);
  void end_writes(const std::vector<GroupCommit::Outcome>& outcomes);
  void note_health(const GroupCommit::Outcome& last);
  void try_again();
  void flush();

  boost::asio::any_io_executor loop_;
  OpenLedger ledger_;
  std::function<void()> on_change_;
  std::function<void()> on_growth_;
  AttemptTokens tokens_;
  LedgerQuestions questions_;
  AnswerSpace space_;
  std::map<std::uint64_t, Pending> pending_;  // by ticket
  std::uint64_t last_ticket_ = 0;
  PostedWrites posted_;
  WakeTimer flush_timer_;
  LedgerHealth health_;
  LimitedWaits waits_;
  bool is_stopped_ = false;
  std::unique_ptr<GroupCommit> commits_;  // last: its writer delivers to what stands above
};

}  // namespace reeld
