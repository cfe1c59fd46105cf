#pragma once
// What has to hold before anything starts, whatever the lane says: nobody holds it back, the ledger takes
// what is written, the first scan is over or has had its time, and nothing has just failed to be read.
//
// Pure. Threads: none of its own.

#include <algorithm>
#include <optional>

#include "core/clock.hpp"
#include "scheduler/wait_table.hpp"

namespace reeld {

class StartConditions {
 public:
  /// The operator's `reeld hold`.
  void set_held(bool is_held) { is_held_ = is_held; }
  bool is_held() const { return is_held_; }
  void set_ledger_well(bool is_well) { is_ledger_well_ = is_well; }
  /// For good.
  void close() { is_open_ = false; }
  bool is_open() const { return is_open_; }

  /// Not before that, unless `open_now` comes first.
  void wait_until(SteadyTime at_most) { opens_at_ = at_most; }
  void open_now() { opens_at_ = {}; }
  /// Something could not be read: perhaps nothing can be.
  void brake_until(SteadyTime until) { braked_until_ = until; }
  bool is_braked(SteadyTime now) const { return now < braked_until_; }

  bool is_allowed() const { return is_open_ && !is_held_ && is_ledger_well_; }
  /// Where it is allowed.
  SteadyTime earliest_start() const { return std::max(opens_at_, braked_until_); }
  /// Why it is not; nullopt: it is.
  std::optional<WaitReason> wait_reason() const {
    if (!is_open_) return WaitReason::stopping;
    if (is_held_) return WaitReason::held;
    if (!is_ledger_well_) return WaitReason::ledger;
    return std::nullopt;
  }

 private:
  bool is_open_ = true;
  bool is_held_ = false;
  bool is_ledger_well_ = true;
  SteadyTime opens_at_{};
  SteadyTime braked_until_ = SteadyTime::min();
};

}  // namespace reeld
