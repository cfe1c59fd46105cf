#include "submit/attempt.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "async/offload.hpp"
#include "codec/form.hpp"
#include "codec/job_json.hpp"
#include "core/echo.hpp"
#include "http/result_redirect.hpp"
#include "ledger/spool_marker.hpp"
#include "log/log_events.hpp"
#include "spool/pair_lookup.hpp"
#include "submit/file_image_source.hpp"
#include "submit/submission.hpp"
#include "sys/file_status.hpp"
#include "sys/random.hpp"

namespace reeld {
namespace {

SystemTime read_clock() {
  return std::chrono::system_clock::now();
}

boost::asio::awaitable<SnapshotResult> snap(const AttemptPlan& plan) {
  // Copies, and not the context itself: its client must not end its life on a worker.
  auto work = [fd = plan.spool_fd, pair = plan.pair(), job = plan.context->settings.job,
               spool = plan.context->settings.spool, names = plan.context->settings.api.fields,
               seed = plan.ledger.questions().digest_seed()] {
    return take_snapshot(fd, pair, job, spool, names, seed);
  };
  SnapshotResult out = co_await offload(plan.workers, std::move(work));
  co_return out;
}

/// Fills the report from a snapshot that is not one; true when there is one to send. The repeat of a doubt is
/// made once or never: it waits for settings that cannot be read just now.
bool accept_snapshot(SnapshotResult result, bool is_repeat, AttemptReport& report) {
  if (auto* const snapshot = std::get_if<Snapshot>(&result)) {
    report.snapshot = std::move(*snapshot);
    return true;
  }
  if (auto* const refusal = std::get_if<SnapshotRefusal>(&result)) {
    report.kind = AttemptReport::Kind::refused;
    report.judgement = {Verdict::refused, std::move(refusal->reason), std::nullopt};
  } else if (auto* const failure = std::get_if<SnapshotFailure>(&result)) {
    report.kind = AttemptReport::Kind::failed;
    report.judgement = {Verdict::unsent, std::move(failure->reason), std::nullopt};
  } else {
    auto& stale = std::get<SnapshotStale>(result);
    const bool may_wait = is_repeat && stale.is_for_settings;
    report.kind = may_wait ? AttemptReport::Kind::failed : AttemptReport::Kind::stale;
    report.judgement = {Verdict::unsent, std::move(stale.reason), std::nullopt};
  }
  return false;
}

void log_start(const AttemptPlan& plan, const Snapshot& snapshot, const Submission& submission) {
  const std::string job = plan.pair().job.text();
  if (!snapshot.size_note.empty() && plan.action.attempt == 1) {
    plan.log.warning(event::pair_size_differs,
                     "the image is not as large as `size` asks for; it is sent as it is",
                     {{"job", job}, {"reason", snapshot.size_note}});
  }
  const std::uint64_t bytes = submission.head.size() + submission.before_image.size() +
                              submission.image_size + submission.after_image.size() +
                              submission.closing.size();
  plan.log.info(event::attempt_started, "sending " + job,
                {{"job", job}, {"attempt", plan.action.attempt}, {"bytes", bytes}});
}

/// Everything of the pair that an error text may echo, and that must not decide a verdict.
std::string list_sent(const Snapshot& snapshot) {
  static constexpr std::array<std::string_view, 7> known{"model",   "seconds", "size",           "watermark",
                                                         "private", "prompt",  "input_reference"};
  std::string out = snapshot.prompt;
  for (const JobField& field : snapshot.fields) {
    const bool is_known = std::ranges::find(known, field.name) != known.end();
    out += "\n" + (is_known ? std::string() : field.name + "\n") + field.value;
  }
  return out;
}

/// The exchange's end in the terms that verdicts are made of.
AttemptEnd describe_end(const ExchangeEnd& end, const std::optional<ApiReply>& api) {
  AttemptEnd out;
  out.committed = end.committed;
  out.reused_connection = end.reused_connection;
  out.proxy_reply = end.proxy_reply;
  out.reply = api;
  out.cut_status = end.cut_reply ? end.cut_reply->status : 0;
  out.failure = end.failure ? end.failure->reason : "the connection ended";
  return out;
}

/// Whether the ledger has that id as another job's: the API names the one that runs, and for whose sake this
/// one has to wait. `beside`: one that was found to be so; the API may have given both.
boost::asio::awaitable<bool> is_anothers(const AttemptPlan& plan, const AttemptReport& report,
                                         std::string beside) {
  const KnownJob* const known = plan.action.known();
  const std::int64_t own = report.gate.job != 0 ? report.gate.job : known != nullptr ? known->id : 0;
  std::string id = report.api->id;
  try {
    const bool out = co_await plan.ledger.questions().knows_answer(std::move(id), own, std::move(beside));
    co_return out;
  } catch (const std::exception&) {
    co_return false;  // nobody knows, then
  }
}

boost::asio::awaitable<void> read_answer(const AttemptPlan& plan, AttemptReport& report) {
  constexpr std::size_t most = 4;
  OtherIds of_others;
  std::string before;
  for (;;) {
    report.api = read_api_reply(*report.end.reply, report.ended_at, of_others);
    const bool may_be_others = report.api->status >= 300 && has_named_job(*report.api);
    if (!may_be_others || of_others.size() == most) co_return;
    const bool is_left_out = co_await is_anothers(plan, report, before);
    if (!is_left_out) co_return;
    before = report.api->id;
    of_others.insert(before);
  }
}

void judge_end(const AttemptPlan& plan, AttemptReport& report) {
  if (report.api) {
    report.api->is_result_elsewhere =
        leads_to_result(*report.end.reply, plan.context->settings.api.url.target);
    // Before a verdict quotes them, and shortens what it quotes.
    for (std::string& text : report.api->texts)
      text = redact(std::move(text), report.snapshot->prompt, plan.context->secrets);
    for (std::string& code : report.api->codes)
      code = redact(std::move(code), report.snapshot->prompt, plan.context->secrets);
    report.api->page = redact(std::move(report.api->page), report.snapshot->prompt, plan.context->secrets);
    for (std::string* const name : {&report.api->id, &report.api->request_id, &report.api->front})
      *name = plan.context->secrets.take_out(std::move(*name));
  }
  AttemptEnd end = describe_end(report.end, report.api);
  const std::string sent = report.api ? list_sent(*report.snapshot) : std::string();
  end.sent = sent;
  for (const JobField& field : report.snapshot->fields) end.values.push_back(field.value);
  end.has_accepted = plan.action.has_accepted;
  report.judgement = judge(end, plan.context->settings.verdicts);
  report.judgement.reason =
      redact(std::move(report.judgement.reason), report.snapshot->prompt, plan.context->secrets);
}

/// An answer in doubt may be followed by another, which the next request must not take for its own; so may
/// one of a server that writes no sound JSON.
void part_from_connection(const AttemptPlan& plan, AttemptReport& report) {
  const bool is_odd = report.api && report.api->is_mended;
  if (report.judgement.verdict != Verdict::doubt && !is_odd)
    plan.context->client->keep_connection(report.end);
  report.end.spare.reset();
}

/// A fault in reeld itself (no memory left). Past the gate nobody knows how far the boundary came.
void judge_fault(AttemptReport& report, const std::string& fault) {
  const bool is_doubt = report.gate.has_passed;
  const bool has_begun = report.gate.has_intent || is_doubt;
  report.kind = has_begun ? AttemptReport::Kind::judged : AttemptReport::Kind::failed;
  report.judgement.verdict = is_doubt ? Verdict::doubt : Verdict::unsent;
  report.judgement.reason = "a fault in reeld itself: " + fault;
  report.judgement.wait.reset();
  if (report.ended_at == SystemTime{}) report.ended_at = read_clock();
}

/// One random key a job: the same for each of its attempts, and a new one once a person has said "run it
/// again" (RFC 9562, version 4; draft-ietf-httpapi-idempotency-key-header).
std::string choose_idempotency_key(const AttemptPlan& plan) {
  if (plan.context->settings.api.idempotency_header.empty()) return {};
  const KnownJob* const known = plan.action.known();
  const bool is_the_job = known != nullptr && plan.action.recognition->match != PairMatch::half_replaced;
  if (is_the_job && !known->idempotency_key.empty()) return known->idempotency_key;
  return plan.earlier_key.empty() ? make_uuid() : plan.earlier_key;
}

/// A repeat sends what was sent before: fields, their names and boundary come from the ledger, whatever the
/// settings say now.
boost::asio::awaitable<bool> recall(const AttemptPlan& plan, AttemptReport& report) {
  ReadyPair pair = plan.pair();
  const auto recognition = co_await plan.ledger.questions().find_by_reading(std::move(pair));
  if (!recognition || !recognition->known) co_return false;
  const std::optional<JobRecord> record = co_await plan.ledger.questions().read(recognition->known->id);
  const bool is_due = record && record->job.state == LedgerState::doubt && record->job.repeat_at &&
                      record->intent.url == plan.context->settings.api.url.videos_url();
  if (!is_due) co_return false;
  report.snapshot->set_form(read_form_json(record->intent.fields, plan.context->settings.api.fields));
  report.intent.boundary = record->intent.boundary;
  report.intent.idempotency_key = record->intent.idempotency_key;
  co_return true;
}

void describe_intent(const AttemptPlan& plan, AttemptReport& report) {
  const Snapshot& snapshot = *report.snapshot;
  const Action& action = plan.action;
  IntentRecord& intent = report.intent;
  intent.token = plan.ledger.tokens().make();
  intent.job = action.pair.job;
  intent.prompt_name = action.pair.prompt_name;
  intent.image_name = action.pair.image_name;
  intent.pair = {snapshot.prompt_file.identity, snapshot.image_file.identity};
  intent.digests.prompt = snapshot.prompt_digest;
  intent.proof.prompt = action.pair.keeps_stamps && is_proof(intent.pair.prompt, snapshot.looked_at);
  intent.proof.image = action.pair.keeps_stamps && is_proof(intent.pair.image, snapshot.looked_at);
  if (action.recognition) intent.originals = action.recognition->originals;
  intent.folder = identify_folder(snapshot.folder.get());
  intent.url = plan.context->settings.api.url.videos_url();
  intent.fields = write_form_json(snapshot.form);
  intent.prompt_start = begin_of(snapshot.prompt);
  intent.is_repeat = action.is_repeat;
  if (action.is_repeat) return;
  intent.boundary = choose_boundary(snapshot, {random_word(), random_word()});
  intent.idempotency_key = choose_idempotency_key(plan);
}

/// However it ends, the intent may be on its way into the ledger, and what became of it is awaited: an intent
/// that nobody knows of would stay open until the next start.
boost::asio::awaitable<void> exchange(const AttemptPlan& plan, const Submission& submission,
                                      ImageSource& image, PairGate& gate, AttemptReport& report) {
  std::exception_ptr fault;
  try {
    report.end = co_await plan.context->client->submit(submission, image, gate);
  } catch (...) {
    fault = std::current_exception();
  }
  co_await gate.settle();
  if (fault) std::rethrow_exception(fault);
}

/// `report` is the caller's, who keeps it until the await has ended.
boost::asio::awaitable<void> make_attempt(const AttemptPlan& plan, AttemptReport& report) {
  SnapshotResult snapshot = co_await snap(plan);
  if (!accept_snapshot(std::move(snapshot), plan.action.is_repeat, report)) co_return;
  if (plan.action.is_repeat) {
    const bool is_recalled = co_await recall(plan, report);
    if (!is_recalled) {
      report.judgement = {Verdict::unsent, "the ledger no longer has it as a doubt to be repeated",
                          std::nullopt};
      co_return;
    }
  }
  describe_intent(plan, report);
  const SubmissionMarks marks{report.intent.boundary, report.intent.idempotency_key};
  const Submission submission =
      build_submission(*report.snapshot, plan.context->settings.api, plan.context->credentials, marks);
  log_start(plan, *report.snapshot, submission);
  UploadMark mark{plan.commit_state.marks, plan.pair().job};
  FileImageSource image(report.snapshot->image_file.fd.get(), submission.image_size,
                        plan.ledger.questions().digest_seed(), plan.workers, &mark);
  report.sent_from = read_clock();
  report.intent.at = report.sent_from;
  PairGate gate(plan.pair(), report.intent, *report.snapshot, image, plan.commit_state, plan.ledger,
                plan.workers, report.gate);
  co_await exchange(plan, submission, image, gate, report);
  report.ended_at = read_clock();
  if (report.end.reply) co_await read_answer(plan, report);
  judge_end(plan, report);
  part_from_connection(plan, report);
  if (may_be_paid(report)) co_await gate.record_late();
  // What the API has answered counts, whatever has become of the files.
  const bool is_other = report.gate.has_changed || report.gate.is_known || !image.failure().empty();
  const bool is_stale = is_other && report.judgement.verdict == Verdict::unsent;
  report.kind = is_stale ? AttemptReport::Kind::stale : AttemptReport::Kind::judged;
}

}  // namespace

std::string redact(std::string text, const std::string& prompt, const Secrets& secrets) {
  return take_out_echoes(secrets.take_out(std::move(text)), prompt);
}

bool may_be_paid(const AttemptReport& report) {
  const Verdict verdict = report.judgement.verdict;
  const bool has_failed = verdict == Verdict::refused && report.api && has_named_job(*report.api);
  return verdict == Verdict::accepted || verdict == Verdict::doubt || has_failed;
}

boost::asio::awaitable<AttemptReport> run_attempt(const AttemptPlan& plan) {
  AttemptReport report;
  std::string fault;
  try {
    co_await make_attempt(plan, report);
  } catch (const std::exception& error) {
    fault = std::string("exception: ") + error.what();
  }
  if (!fault.empty()) judge_fault(report, fault);
  co_return report;
}

}  // namespace reeld
