// What may start now, and the start itself.

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {

void JobScheduler::pump(SteadyTime now) {
  plan_.wake_at.reset();
  plan_.block_reason = BlockReason::none;
  unpark_due(now);
  settle_masses();
  held_.note_arrivals(now);
  if (is_scanned_ && counts_.unanswered() == 0) conditions_.open_now();
  probe_with_other();
  if (wall_.is_proving()) pump_proof(now);
  while (!wall_.is_proving() && queue_.size() != 0 && may_send(now)) {
    if (!is_granted(lane_.ask(now))) break;
    start(jobs_.at(take_next()), now);
  }
  const bool has_sent_all = queue_.size() == 0 && counts_.asked() + counts_.suspected() == 0 &&
                            parked_.empty() && lane_.in_flight() == 0;
  if (has_sent_all && held_.has_settled()) held_.end_release();
  if (conditions_.is_open() && !parked_.empty()) wake_by(parked_.begin()->first);
  if (const auto due = held_.news_due()) wake_by(*due);
}

void JobScheduler::wake_by(SteadyTime at) {
  plan_.wake_at = std::min(plan_.wake_at.value_or(SteadyTime::max()), at);
}

bool JobScheduler::may_send(SteadyTime now) {
  if (!conditions_.is_allowed()) return false;
  const SteadyTime may_start = conditions_.earliest_start();
  if (now < may_start) plan_.wake_at = may_start;
  return now >= may_start;
}

bool JobScheduler::is_granted(const LaneAnswer& answer) {
  plan_.block_reason = answer.block_reason;
  if (!answer.may_start) plan_.wake_at = answer.ask_again;
  return answer.may_start;
}

void JobScheduler::start(Job& job, SteadyTime now) {
  if (!job.is_repeat && files_.forget_created(job.pair.identity)) {
    wall_.on_dropped(job.pair.job);
    return ask(job, ReadyPair(job.pair));
  }
  if (!job.owns_files && !files_.take(job.pair.identity)) {
    // The same files are under way under another name. What comes of that decides.
    wall_.on_dropped(job.pair.job);
    move(job, JobStage::asked);
    return block(job);
  }
  job.owns_files = true;
  move(job, JobStage::sending);
  ++job.attempts;
  job.is_probe = lane_.pause() != Pause::none;
  emit(Action::Kind::start, job);
  plan_.actions.back().ticket = lane_.on_started(now);
}

}  // namespace reeld
