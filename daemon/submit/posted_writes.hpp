#pragma once
// Writes to the ledger that nobody waits for, and those that are to be tried again: in the order in which
// they were posted, for a mark must not come before what it marks. Pure.

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <vector>

#include "ledger/ledger_store.hpp"

namespace reeld {

class PostedWrites {
 public:
  struct Posting {
    std::function<void(LedgerStore&)> run;
    std::int64_t moved_job = 0;  // the job whose pair lies elsewhere by it; 0: none
  };
  /// Shared with the ledger's writer, and kept for another try.
  using Batch = std::shared_ptr<const std::vector<Posting>>;

  static void run_all(const std::vector<Posting>& postings, LedgerStore& store);

  bool is_empty() const { return waiting_.empty(); }
  void add(Posting posting) { waiting_.push_back(std::move(posting)); }
  /// What could not be written: it goes before what was posted since.
  void put_back(const std::vector<Posting>& failed);
  /// All of them.
  Batch take();

  /// Where a job's pair lies by now. It is moving until `note_written`.
  Posting make_move(std::int64_t job, NewPlace place);
  bool is_moving(std::int64_t job) const { return moving_.contains(job); }
  void note_written(const std::vector<Posting>& written);

 private:
  std::vector<Posting> waiting_;
  std::multiset<std::int64_t> moving_;  // one for each posting that moves it
};

}  // namespace reeld
