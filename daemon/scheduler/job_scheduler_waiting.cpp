// What waits in the scheduler, and why.

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

constexpr milliseconds calm = std::chrono::seconds(2);
constexpr milliseconds max_delay = std::chrono::seconds(30);

WaitReason reason_of(Pause pause) {
  switch (pause) {
    case Pause::unsent:
      return WaitReason::unsent;
    case Pause::throttled:
      return WaitReason::throttled;
    case Pause::refused:
      return WaitReason::refused;
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

/// Nothing forbids to send it. One that was never sent may have to wait for a person's word.
void JobScheduler::admit(Job& job) {
  const Recognition* const found = job.recognition.get();
  if (found != nullptr && masses_.holds_duplicates()) twins_.add(job.pair.job, found->found);
  const bool is_new = found == nullptr || !found->known;
  const bool is_another = is_copy(job);
  if (!is_new || released_.contains(job.pair.job) ||
      !masses_.must_wait({job.pair.job, is_another, job.pair.is_found, job.pair.arriving}))
    return wait_turn(job);
  move(job, JobStage::held);
  if (is_another && masses_.holds_duplicates()) mass_news_.duplicates.push_back(job.pair.job);
}

/// Of a pair that was sent, and still lies in its place; or of one that waits to be, or is under way.
bool JobScheduler::is_copy(const Job& job) const {
  if (job.recognition && !job.recognition->originals.empty()) return true;
  return twins_.any_of(job.pair.job, [&](const JobName& twin) {
    return jobs_.at(twin).stage != JobStage::held || !masses_.is_duplicate(twin);
  });
}

/// What waits only as a copy of it is judged anew; but not where a copy may be one of a mass, too.
void JobScheduler::forget_contents(const Job& job) {
  const bool has_no_say = job.stage == JobStage::held || rules_.masses.ask_above != 0;
  const auto twins = has_no_say ? std::vector<JobName>() : twins_.list(job.pair.job);
  twins_.remove(job.pair.job);
  for (const JobName& name : twins) {
    Job& twin = jobs_.at(name);
    if (twin.stage != JobStage::held || !masses_.is_duplicate(name) || !twin.recognition->originals.empty())
      continue;
    masses_.let_off(name);
    ask(twin, ReadyPair(twin.pair));
  }
}

/// Not before every answer of the ledger is there: it tells which are new.
void JobScheduler::settle_masses() {
  if (!has_found_all_ || unanswered() != 0) return;
  if (std::exchange(has_settled_, true) && !masses_.has_gathered()) return;
  auto decision = masses_.end_scan();
  for (const JobName& name : decision.may_go) wait_turn(jobs_.at(name));
  note_held(decision);
}

void JobScheduler::note_held(const Masses::Decision& decision) {
  mass_news_.held += decision.held;
  for (const auto& [folder, count] : decision.where) mass_news_.where[folder] += count;
  auto& duplicates = mass_news_.duplicates;
  duplicates.insert(duplicates.end(), decision.duplicates.begin(), decision.duplicates.end());
}

/// They come one by one: they are said together, when no more have come for a while.
void JobScheduler::note_held_of_arrivals(SteadyTime now) {
  const std::size_t held = masses_.held_of_arrivals();
  if (held == 0) told_late_ = 0;
  if (held == 0) return;
  if (told_late_ == 0) late_since_ = now;
  if (std::exchange(told_late_, held) != held) late_due_ = std::min(now + calm, late_since_ + max_delay);
  if (now < late_due_) return;
  note_held(masses_.take_held_of_arrivals());
  told_late_ = 0;
}

std::size_t JobScheduler::release_masses() {
  const auto released = masses_.release();
  for (const JobName& name : released) {
    Job& job = jobs_.at(name);
    released_.insert(name);
    // What a copy was found to be one of may have been sent since: its intent is to name that.
    if (masses_.holds_duplicates()) {
      ask(job, ReadyPair(job.pair));
    } else {
      wait_turn(job);
    }
  }
  return released.size();
}

/// Of all that wait for their turn: one lane, one reason.
WaitReason JobScheduler::reason_of_turns(SteadyTime now) const {
  if (!is_open_) return WaitReason::stopping;
  if (is_held_) return WaitReason::held;
  if (!is_ledger_well_) return WaitReason::ledger;
  // A pause says what the next one is to be; the day's cap, that there is none today.
  if (hindrance_ == BlockReason::per_day) return WaitReason::per_day;
  if (lane_.pause() != Pause::none) return reason_of(lane_.pause());
  if (wall_.is_proving()) return WaitReason::proof;
  if (now < braked_until_) return WaitReason::unreadable;
  return hindrance_ == BlockReason::per_minute ? WaitReason::per_minute : WaitReason::queued;
}

WaitReason JobScheduler::reason_of_held(const JobName& job) const {
  return masses_.is_duplicate(job) ? WaitReason::duplicate : WaitReason::mass;
}

WaitReason JobScheduler::reason_of_parked(const Job& job) {
  if (job.is_repeat) return WaitReason::repeat;
  if (job.own_pause > milliseconds(0)) return WaitReason::unsent;
  return job.requery_ledger ? WaitReason::asking : WaitReason::unreadable;
}

void JobScheduler::count_waiting(WaitCounts& into, SteadyTime now) const {
  count_of(into, WaitReason::asking) += asked_ - reading_;
  count_of(into, WaitReason::reading) += reading_;
  count_of(into, WaitReason::mass) += masses_.held_new();
  count_of(into, WaitReason::duplicate) += masses_.held_copies();
  count_of(into, reason_of_turns(now)) += queue_.size();
  count_of(into, WaitReason::proof) += suspected_;
  for (const auto& [due, name] : parked_) ++count_of(into, reason_of_parked(jobs_.at(name)));
}

void JobScheduler::tally_waiting(WaitTable& into, SteadyTime now) const {
  list_in_hand(add_to(into), now);
}

void JobScheduler::list_in_hand(const TellPair& tell, SteadyTime now) const {
  const WaitReason of_turns = reason_of_turns(now);
  for (const auto& [name, job] : jobs_) {
    const auto age = std::chrono::duration_cast<milliseconds>(now - job.ready_at);
    if (job.stage != JobStage::done) tell(name, reason_of_job(name, job, of_turns), age);
  }
}

std::optional<WaitReason> JobScheduler::reason_of_job(const JobName& name, const Job& job,
                                                      WaitReason of_turns) const {
  switch (job.stage) {
    case JobStage::asked:
      return job.is_reading ? WaitReason::reading : WaitReason::asking;
    case JobStage::held:
      return reason_of_held(name);
    case JobStage::waiting:
      return of_turns;
    case JobStage::suspected:
      return WaitReason::proof;
    case JobStage::parked:
      return reason_of_parked(job);
    default:
      return std::nullopt;
  }
}

}  // namespace reeld
