#pragma once
// The group commit on a disk that fails: batches that are written or not, and of which that is known or not.
// The ledger itself, its tables and its rules, is the real one.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger_store.hpp"
#include "sim/mutation.hpp"
#include "sim/sim_clock.hpp"

namespace reeld::sim {

class SimLedger {
 public:
  using Run = std::function<void(LedgerStore&)>;
  using Done = std::function<void(bool was_written)>;

  SimLedger(LedgerStore& store, Timeline& timeline, Dice& dice, const Mutation& mutation)
      : store_(store), timeline_(timeline), dice_(dice), mutation_(mutation) {}

  void submit(Run run, Run undo, Done done);
  /// The process is gone: what was queued is lost, and a commit that was under way may have been written.
  void crash();
  void heal() { is_failing_ = false; }
  LedgerStore& store() { return store_; }
  bool is_idle() const { return !is_writing_ && queue_.empty(); }

 private:
  struct Entry {
    Run run;
    Run undo;
    Done done;
  };

  void write_next();
  void apply(const std::vector<Entry>& batch);

  LedgerStore& store_;
  Timeline& timeline_;
  Dice& dice_;
  const Mutation& mutation_;
  std::vector<Entry> queue_;
  std::shared_ptr<std::vector<Entry>> writing_;
  std::vector<Run> compensations_;
  std::uint64_t epoch_ = 0;
  bool is_writing_ = false;
  bool is_failing_ = true;  // now and then
};

}  // namespace reeld::sim
