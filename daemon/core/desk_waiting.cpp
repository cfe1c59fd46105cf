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

/// One that was never sent. A copy: of a pair that was, and still lies in its place.
void Desk::admit(Job& job, bool is_copy) {
  if (!masses_.must_wait(job.pair.job, is_copy, job.pair.is_found)) return wait_turn(job);
  move(job, JobStage::held);
  if (is_copy && masses_.holds_duplicates()) mass_news_.duplicates.push_back(job.pair.job);
}

/// Not before every answer of the ledger is there: it tells which are new.
void Desk::settle_masses() {
  if (!has_found_all_ || asked_ != 0) return;
  if (std::exchange(has_settled_, true) && !masses_.has_gathered()) return;
  auto decision = masses_.end_scan();
  for (const JobName& name : decision.may_go) wait_turn(jobs_.at(name));
  mass_news_.held += decision.held;
  for (const auto& [folder, count] : decision.where) mass_news_.where[folder] += count;
  auto& duplicates = mass_news_.duplicates;
  duplicates.insert(duplicates.end(), decision.duplicates.begin(), decision.duplicates.end());
}

std::size_t Desk::release_masses() {
  const auto released = masses_.release();
  for (const JobName& name : released) wait_turn(jobs_.at(name));
  return released.size();
}

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

WaitReason Desk::reason_of_held(const JobName& job) const {
  return masses_.is_duplicate(job) ? WaitReason::duplicate : WaitReason::mass;
}

WaitReason Desk::reason_of_parked(const Job& job) {
  if (job.is_repeat) return WaitReason::repeat;
  if (job.own_pause > milliseconds(0)) return WaitReason::unsent;
  return job.must_ask ? WaitReason::asking : WaitReason::unreadable;
}

void Desk::count_waiting(WaitCounts& into, SteadyTime now) const {
  count_of(into, WaitReason::asking) += asked_ - reading_;
  count_of(into, WaitReason::reading) += reading_;
  count_of(into, WaitReason::mass) += masses_.held_new();
  count_of(into, WaitReason::duplicate) += masses_.held_copies();
  count_of(into, reason_of_turns(now)) += turns_.size();
  for (const auto& [due, name] : parked_) ++count_of(into, reason_of_parked(jobs_.at(name)));
}

void Desk::tally_waiting(WaitTable& into, SteadyTime now) const {
  const WaitReason reason = reason_of_turns(now);
  for (const auto& [name, job] : jobs_) {
    const auto age = std::chrono::duration_cast<milliseconds>(now - job.ready_at);
    if (job.stage == JobStage::asked)
      into.add(job.is_reading ? WaitReason::reading : WaitReason::asking, age);
    if (job.stage == JobStage::held) into.add(reason_of_held(name), age);
    if (job.stage == JobStage::waiting) into.add(reason, age);
    if (job.stage == JobStage::parked) into.add(reason_of_parked(job), age);
  }
}

}  // namespace reeld
