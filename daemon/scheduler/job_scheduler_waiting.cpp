// What waits in the scheduler, and why.

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

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
  if (found != nullptr && held_.holds_duplicates()) twins_.add(job.pair.job, found->found);
  const bool is_new = found == nullptr || !found->known;
  const Masses::Candidate candidate{job.pair.job, is_copy(job), job.pair.is_found, job.pair.arriving};
  is_new&& held_.must_wait(candidate) ? move(job, JobStage::held) : wait_turn(job);
}

/// Of a pair that was sent, and still lies in its place; or of one that waits to be, or is under way.
bool JobScheduler::is_copy(const Job& job) const {
  if (job.recognition && !job.recognition->originals.empty()) return true;
  return twins_.any_of(job.pair.job, [&](const JobName& twin) {
    return jobs_.at(twin).stage != JobStage::held || !held_.is_duplicate(twin);
  });
}

/// What waits only as a copy of it is judged anew; but not where a copy may be one of a mass, too.
void JobScheduler::forget_contents(const Job& job) {
  const bool has_no_say = job.stage == JobStage::held || rules_.masses.ask_above != 0;
  const auto twins = has_no_say ? std::vector<JobName>() : twins_.list(job.pair.job);
  twins_.remove(job.pair.job);
  for (const JobName& name : twins) {
    Job& twin = jobs_.at(name);
    if (twin.stage != JobStage::held || !held_.is_duplicate(name) || !twin.recognition->originals.empty())
      continue;
    held_.let_off(name);
    ask(twin, ReadyPair(twin.pair));
  }
}

/// Not before every answer of the ledger is there: it tells which are new.
void JobScheduler::settle_masses() {
  if (counts_.unanswered() != 0) return;
  for (const JobName& name : held_.settle()) wait_turn(jobs_.at(name));
}

std::size_t JobScheduler::release_masses() {
  const auto released = held_.release();
  for (const JobName& name : released) {
    Job& job = jobs_.at(name);
    // What a copy was found to be one of may have been sent since: its intent is to name that.
    if (held_.holds_duplicates()) {
      ask(job, ReadyPair(job.pair));
    } else {
      wait_turn(job);
    }
  }
  return released.size();
}

/// Of all that wait for their turn: one lane, one reason.
WaitReason JobScheduler::reason_of_turns(SteadyTime now) const {
  if (const auto reason = conditions_.wait_reason()) return *reason;
  // A pause says what the next one is to be; the day's cap, that there is none today.
  if (plan_.block_reason == BlockReason::per_day) return WaitReason::per_day;
  if (lane_.pause() != Pause::none) return reason_of(lane_.pause());
  if (wall_.is_proving()) return WaitReason::proof;
  if (conditions_.is_braked(now)) return WaitReason::unreadable;
  return plan_.block_reason == BlockReason::per_minute ? WaitReason::per_minute : WaitReason::queued;
}

WaitReason JobScheduler::reason_of_held(const JobName& job) const {
  return held_.is_duplicate(job) ? WaitReason::duplicate : WaitReason::mass;
}

WaitReason JobScheduler::reason_of_parked(const Job& job) {
  if (job.is_repeat) return WaitReason::repeat;
  if (job.own_pause > milliseconds(0)) return WaitReason::unsent;
  return job.requery_ledger ? WaitReason::asking : WaitReason::unreadable;
}

void JobScheduler::count_waiting(WaitCounts& into, SteadyTime now) const {
  count_of(into, WaitReason::asking) += counts_.asked() - counts_.reading();
  count_of(into, WaitReason::reading) += counts_.reading();
  count_of(into, WaitReason::mass) += held_.held_new();
  count_of(into, WaitReason::duplicate) += held_.held_copies();
  count_of(into, reason_of_turns(now)) += queue_.size();
  count_of(into, WaitReason::proof) += counts_.suspected();
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
