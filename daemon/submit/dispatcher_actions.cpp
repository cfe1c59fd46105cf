// The actions that take time: each is a coroutine that does what scheduler/job_scheduler has decided and
// tells it how that ended.

#include <utility>

#include "async/offload.hpp"
#include "async/steady_now.hpp"
#include "submit/dispatcher.hpp"
#include "submit/probe_choice.hpp"
#include "sys/random.hpp"

namespace reeld {
namespace {

/// It may be paid for, came before the gate was reached, and the ledger could not be written just then.
bool lacks_intent(const AttemptReport& report) {
  return report.kind == AttemptReport::Kind::judged && may_be_paid(report) && !report.gate.has_intent;
}

/// The server's word, and not that of a proxy before it, came before the request had been read.
bool is_early_5xx(const AttemptReport& report) {
  const ExchangeEnd& end = report.end;
  const auto& reply = end.reply ? end.reply : end.cut_reply;
  return report.judgement.verdict == Verdict::unsent && !end.committed && !end.proxy_reply && reply &&
         reply->status >= 500;
}

AttemptOutcome describe_outcome(const AttemptReport& report) {
  AttemptOutcome out;
  out.kind = report.kind;
  const bool is_verdict =
      report.kind == AttemptReport::Kind::judged || report.kind == AttemptReport::Kind::refused;
  out.verdict = is_verdict ? report.judgement.verdict : Verdict::unsent;
  out.wait = report.judgement.wait;
  out.has_sent_body = report.end.body_bytes_sent > 0 || report.end.body_may_have_begun;
  out.has_intent = report.gate.has_intent || lacks_intent(report);
  out.is_early_5xx = is_early_5xx(report);
  out.is_created = out.verdict == Verdict::refused && may_be_paid(report);
  out.names_job = report.api && tells_of_job(*report.api);
  out.about = report.judgement.about;
  out.likeness = report.judgement.likeness;
  if (!out.likeness.empty()) out.fields = report.intent.fields;
  return out;
}

}  // namespace

boost::asio::awaitable<void> Dispatcher::run_job(Action action) {
  const auto queued = std::chrono::duration_cast<milliseconds>(steady_now() - action.ready_at);
  AttemptPlan plan = attempts_.make_plan(std::move(action));
  plan.queued = queued;
  const PendingResult* const earlier = results_.pending.find(plan.pair().job);
  if (earlier != nullptr && is_same_file(earlier->intent.pair, plan.pair().identity))
    plan.earlier_key = earlier->intent.idempotency_key;
  AttemptReport report = co_await run_attempt(plan);
  end_job(plan, std::move(report));
}

void Dispatcher::end_job(const AttemptPlan& plan, AttemptReport report) {
  const JobName name = plan.pair().job;
  log_.log_end(plan, report);
  const std::string reason = report.judgement.reason;
  const AttemptOutcome outcome = describe_outcome(report);
  keep_result(plan, std::move(report));
  const SteadyTime now = steady_now();
  log_.log_lane(scheduler_.on_ended(name, plan.action.ticket, outcome, now, random_fraction()), reason);
  const bool is_progress = outcome.verdict == Verdict::accepted || outcome.verdict == Verdict::refused ||
                           outcome.verdict == Verdict::doubt;
  UploadMarks& marks = attempts_.commit_state().marks;
  if (is_progress) {
    progress_.note_end(now);
    marks.note_end();
  } else {
    progress_.note_setback(reason);
    marks.note_unsent();
  }
  drop_snapshot_of_waiting(name);
  advance();
}

void Dispatcher::keep_result(const AttemptPlan& plan, AttemptReport report) {
  const JobName& name = plan.pair().job;
  const bool is_late = lacks_intent(report);
  const std::int64_t known = results_.pending.find_number(plan.action);
  const PendingResult* const earlier = results_.pending.find(name);
  const auto earlier_late = earlier != nullptr ? earlier->backfilled_job_id : nullptr;
  PendingResult& result = results_.pending.put(name, PendingResult(plan, std::move(report)));
  // A repeat that never came to an intent is still about the job that is in doubt.
  if (plan.action.is_repeat && result.job == 0) {
    result.job = known;
    result.backfilled_job_id = earlier_late;
  }
  if (is_late) {
    result.backfilled_job_id = std::make_shared<std::int64_t>(0);
    result.intent.is_answered = true;
    // The first intent is voided, should it turn out to have been written.
    result.intent.token = result.end.token = parts_.ledger.tokens().make();
  }
}

boost::asio::awaitable<void> Dispatcher::record_end(Action action) {
  const JobName name = action.pair.job;
  co_await results_.recorder.record(std::move(action), attempts_.settings().submit.lane.doubt_pause);
  scheduler_.on_recorded(name, steady_now());
  drop_snapshot_of_waiting(name);
  advance();
}

/// What waits is opened anew when its turn comes: descriptors are few.
void Dispatcher::drop_snapshot_of_waiting(const JobName& name) {
  const JobStage stage = scheduler_.stage_of(name);
  if (stage == JobStage::waiting || stage == JobStage::parked || stage == JobStage::suspected)
    results_.pending.drop_snapshot(name);
}

boost::asio::awaitable<void> Dispatcher::publish(Action action) {
  const JobName name = action.pair.job;
  if (action.verdict == Verdict::refused) {
    co_await results_.error_files.publish(std::move(action));
  } else {
    co_await results_.publisher.publish(std::move(action));
  }
  scheduler_.on_published(name);
  advance();
}

boost::asio::awaitable<void> Dispatcher::move_result(Action action) {
  const JobName name = action.pair.job;
  const bool is_another = co_await results_.publisher.move_result(std::move(action));
  scheduler_.on_published(name);
  advance();
  if (is_another) intake_->look_again(name);
}

boost::asio::awaitable<void> Dispatcher::choose(Action action) {
  auto work = [fd = parts_.spool_fd, action = std::move(action), job = attempts_.settings().job,
               spool = attempts_.settings().spool, names = attempts_.settings().api.fields] {
    return choose_probe(action.candidates, action.unlike,
                        [&](const ReadyPair& pair) { return read_fields_of(fd, pair, job, spool, names); });
  };
  const JobName chosen = co_await offload(parts_.workers, std::move(work));
  scheduler_.on_chosen(chosen, steady_now());
  advance();
}

}  // namespace reeld
