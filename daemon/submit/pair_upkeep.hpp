#pragma once
// Keeps true what the ledger knows of pairs whose jobs stay as they are: where they lie, and what their files
// look like. People move pairs, touch them, and put others under results that are there.
//
// Lifetime: a member of the dispatcher; outlives its coroutines. Threads: the loop's.

#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <map>
#include <set>

#include "async/rests.hpp"
#include "async/task_group.hpp"
#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "ledger/records.hpp"
#include "submit/ledger_client.hpp"
#include "submit/submission_log.hpp"

namespace reeld {

class PairUpkeep {
 public:
  struct Parts {
    int spool_fd;  // kept by the caller
    LedgerClient& ledger;
    SubmissionLog& log;
    Rests& rests;
    TaskGroup& tasks;
    std::function<bool()> is_at_leisure;  // nothing is being sent: files may be read
  };
  explicit PairUpkeep(Parts parts) : parts_(std::move(parts)) {}

  /// The ledger knows the pair. It learns where the pair lies now, and what its files look like.
  void note_known(const ReadyPair& pair, const Recognition& recognition);
  /// A pair that was sent as soon as it was complete has stamps that prove nothing. Once there is nothing
  /// else to do they are old enough: it is read once more, so that no start has to.
  void note_published(ReadyPair pair, const JobRecord& record);
  /// It came under a result that is there: the same once more, or others, which is said.
  void note_under_result(ReadyPair pair);
  /// It is ready by itself: what was said of it before does not count any more.
  void note_ready(const JobName& job) {
    said_under_result_.erase(job);
    half_replaced_.erase(job);
  }
  void note_gone(const JobName& job) { half_replaced_.erase(job); }
  /// Pairs that are not sent, for one of their files is that of a job, and the other is not.
  std::size_t half_replaced() const { return half_replaced_.size(); }

 private:
  boost::asio::awaitable<void> prove_stamps();
  boost::asio::awaitable<void> compare_with_results();

  Parts parts_;
  std::deque<ReadyPair> to_prove_;
  bool is_proving_ = false;
  std::map<JobName, ReadyPair> to_compare_;
  bool is_comparing_ = false;
  std::set<JobName> said_under_result_;
  std::set<JobName> half_replaced_;
};

}  // namespace reeld
