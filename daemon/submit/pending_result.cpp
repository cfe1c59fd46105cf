#include "submit/pending_result.hpp"

#include <utility>

#include "submit/end_record.hpp"

namespace reeld {

PendingResult::PendingResult(const AttemptPlan& plan, AttemptReport report)
    : intent(report.intent),
      end(make_end_record(report, plan)),
      job(report.gate.job),
      attempts(plan.action.attempt - (report.kind == AttemptReport::Kind::judged ? 0 : 1)) {
  snapshot = std::move(report.snapshot);
}

JobRecord PendingResult::describe() const {
  JobRecord out;
  out.intent = intent;
  out.end = end;
  out.attempts = attempts;
  out.folder = intent.folder;
  out.job.pair = intent.pair;
  out.job.digests = intent.digests;
  out.job.prompt_name = intent.prompt_name;
  out.job.image_name = intent.image_name;
  return out;
}

PendingResult* PendingResults::find(const JobName& job) {
  const auto it = results_.find(job);
  return it == results_.end() ? nullptr : &it->second;
}

const PendingResult* PendingResults::find(const JobName& job) const {
  const auto it = results_.find(job);
  return it == results_.end() ? nullptr : &it->second;
}

std::int64_t PendingResults::find_number(const Action& action) const {
  if (const PendingResult* const pending = find(action.pair.job)) return pending->job;
  return action.known() != nullptr ? action.known()->id : 0;
}

PendingResult& PendingResults::put(const JobName& job, PendingResult result) {
  results_.erase(job);
  return results_.emplace(job, std::move(result)).first->second;
}

void PendingResults::drop_snapshot(const JobName& job) {
  if (PendingResult* const pending = find(job)) pending->snapshot.reset();
}

}  // namespace reeld
