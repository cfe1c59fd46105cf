// What waits at the desk, and why.

#include "core/desk.hpp"

namespace reeld {
namespace {

WaitReason reason_of(Pause pause) {
  switch (pause) {
    case Pause::unsent:
      return WaitReason::unsent;
    case Pause::throttled:
      return WaitReason::throttled;
    case Pause::account:
      return WaitReason::account;
    case Pause::doubt:
      return WaitReason::doubt;
    case Pause::none:
      break;
  }
  return WaitReason::queued;
}

}  // namespace

/// Of all that wait for their turn: one lane, one reason.
WaitReason Desk::reason_of_turns(SteadyTime now) const {
  if (!is_open_) return WaitReason::stopping;
  if (is_held_) return WaitReason::held;
  if (!is_ledger_well_) return WaitReason::ledger;
  // A pause says what the next one is to be; the day's cap, that there is none today.
  if (hindrance_ == Hindrance::per_day) return WaitReason::per_day;
  if (lane_.pause() != Pause::none) return reason_of(lane_.pause());
  if (now < braked_until_) return WaitReason::unreadable;
  return hindrance_ == Hindrance::per_minute ? WaitReason::per_minute : WaitReason::queued;
}

WaitReason Desk::reason_of_parked(const Job& job) {
  if (job.is_repeat) return WaitReason::repeat;
  if (job.own_pause > milliseconds(0)) return WaitReason::unsent;
  return job.must_ask ? WaitReason::asking : WaitReason::unreadable;
}

void Desk::count_waiting(WaitCounts& into, SteadyTime now) const {
  count_of(into, WaitReason::asking) += asked_ - reading_;
  count_of(into, WaitReason::reading) += reading_;
  count_of(into, reason_of_turns(now)) += turns_.size();
  for (const auto& [due, name] : parked_) ++count_of(into, reason_of_parked(jobs_.at(name)));
}

void Desk::tally_waiting(WaitTable& into, SteadyTime now) const {
  const WaitReason reason = reason_of_turns(now);
  for (const auto& [name, job] : jobs_) {
    const auto age = std::chrono::duration_cast<milliseconds>(now - job.ready_at);
    if (job.stage == JobStage::asked)
      into.add(job.is_reading ? WaitReason::reading : WaitReason::asking, age);
    if (job.stage == JobStage::waiting) into.add(reason, age);
    if (job.stage == JobStage::parked) into.add(reason_of_parked(job), age);
  }
}

}  // namespace reeld
