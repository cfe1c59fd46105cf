// Doubts that are to be repeated, once.

#include "scheduler/job_scheduler.hpp"

namespace reeld {

/// The job is in doubt since its first attempt, whatever the second has come to, unless it was accepted.
void JobScheduler::settle_repeat(Jobs::iterator it, SteadyTime now) {
  Job& job = it->second;
  const AttemptOutcome& outcome = job.outcome;
  const bool is_judged = outcome.kind == AttemptOutcome::Kind::judged;
  const bool is_final =
      is_judged && (outcome.verdict == Verdict::doubt || outcome.verdict == Verdict::refused);
  const bool may_go_on = is_judged || outcome.kind == AttemptOutcome::Kind::failed;
  if (is_final || job.is_gone || !may_go_on) return publish(job, Verdict::doubt);
  if (!is_judged) return park_failed(job, now);
  put_back(job, now);
}

/// A doubt that was to be repeated, and whose files have gone: it is held after all.
void JobScheduler::finalize_doubt(Job& job) {
  queue_.remove(job.pair.job);
  if (job.stage == JobStage::parked) unpark(job);
  publish(job, Verdict::doubt);
}

/// The word has changed: what was to be repeated is held.
void JobScheduler::hold_repeats() {
  for (auto& [name, job] : jobs_) {
    if (job.is_repeat && (job.stage == JobStage::waiting || job.stage == JobStage::parked))
      finalize_doubt(job);
  }
}

}  // namespace reeld
