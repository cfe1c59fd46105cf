// What may start now, and the start itself.

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {

void JobScheduler::pump(SteadyTime now) {
  wake_at_.reset();
  hindrance_ = BlockReason::none;
  unpark_due(now);
  settle_masses();
  note_held_of_arrivals(now);
  if (is_scanned_ && unanswered() == 0) opens_at_ = {};
  probe_with_taken();
  if (wall_.is_proving()) pump_proof(now);
  while (!wall_.is_proving() && queue_.size() != 0 && may_send(now)) {
    if (!is_granted(lane_.ask(now))) break;
    start(jobs_.at(take_next()), now);
  }
  const bool has_sent_all =
      queue_.size() == 0 && asked_ + suspected_ == 0 && parked_.empty() && lane_.in_flight() == 0;
  if (has_sent_all && has_settled_) masses_.end_release();
  if (is_open_ && !parked_.empty()) wake_by(parked_.begin()->first);
  if (told_late_ != 0) wake_by(late_due_);
}

void JobScheduler::wake_by(SteadyTime at) {
  wake_at_ = std::min(wake_at_.value_or(SteadyTime::max()), at);
}

bool JobScheduler::may_send(SteadyTime now) {
  if (!is_open_ || is_held_ || !is_ledger_well_) return false;
  const SteadyTime may_start = std::max(opens_at_, braked_until_);
  if (now < may_start) wake_at_ = may_start;
  return now >= may_start;
}

bool JobScheduler::is_granted(const LaneAnswer& answer) {
  hindrance_ = answer.block_reason;
  if (!answer.may_start) wake_at_ = answer.ask_again;
  return answer.may_start;
}

void JobScheduler::start(Job& job, SteadyTime now) {
  if (!job.is_repeat && created_.erase(job.pair.identity) != 0) {
    wall_.on_dropped(job.pair.job);
    return ask(job, ReadyPair(job.pair));
  }
  const auto [sending, is_first] = sending_.try_emplace(job.pair.identity);
  if (!is_first && !job.owns_files) {
    // The same files are under way under another name. What comes of that decides.
    wall_.on_dropped(job.pair.job);
    move(job, JobStage::asked);
    return block(job, sending->second);
  }
  job.owns_files = true;
  move(job, JobStage::sending);
  ++job.attempts;
  job.is_probe = lane_.pause() != Pause::none;
  emit(Action::Kind::start, job);
  actions_.back().ticket = lane_.on_started(now);
}

}  // namespace reeld
