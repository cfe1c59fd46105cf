#include "submit/submission_log.hpp"

#include <utility>

#include "async/steady_now.hpp"
#include "core/spool_name.hpp"
#include "log/log_events.hpp"
#include "metrics/metrics.hpp"
#include "spool/result_text.hpp"

namespace reeld {
namespace {

/// What a trouble that is tried again is, apart from the pair that met it; "" for an end that is one.
std::string name_trouble(const AttemptReport& report) {
  const Verdict verdict = report.judgement.verdict;
  if (report.kind == AttemptReport::Kind::failed) return "failed";
  if (report.kind == AttemptReport::Kind::refused) return {};
  if (verdict == Verdict::accepted || verdict == Verdict::refused || verdict == Verdict::doubt) return {};
  const int stage = report.end.failure ? static_cast<int>(report.end.failure->stage) : -1;
  return std::string(word_of(verdict)) + "/" + std::to_string(report.api ? report.api->status : 0) + "/" +
         std::to_string(stage);
}

/// Of a doubt it is not known to be the job's.
void add_id(LogFields& fields, const EndRecord& end) {
  if (!end.api_id.empty()) fields.emplace_back(end.verdict == Verdict::doubt ? "id_seen" : "id", end.api_id);
}

LogFields describe_record(const JobRecord& record) {
  LogFields fields{{"job", record.job.name.text()}, {"attempt", record.attempts}};
  if (record.end.http_status != 0) fields.emplace_back("http_status", record.end.http_status);
  add_id(fields, record.end);
  if (!record.end.request_id.empty()) fields.emplace_back("request_id", record.end.request_id);
  return fields;
}

}  // namespace

SubmissionLog::SubmissionLog(Log& log, Metrics& metrics)
    : log_(log), metrics_(metrics), last_end_(steady_now()) {}

void SubmissionLog::note_end(std::uint64_t& count) {
  ++count;
  last_end_ = steady_now();
}

void SubmissionLog::log_masses(const MassNews& news) {
  for (const JobName& job : news.duplicates)
    log_.warning(event::pair_duplicate,
                 "this pair is a copy of another pair that was sent or is about to be sent; it waits "
                 "for `reeld release`",
                 {{"job", job.text()}});
  if (news.held == 0) return;
  const std::string where = describe_places(news.where);
  log_.warning(event::lane_held,
               std::to_string(news.held) + " new pairs at once, in " + where +
                   ": they wait for `reeld release`; all others are sent",
               {{"pairs", news.held}, {"where", where}});
}

void SubmissionLog::log_end(const AttemptPlan& plan, const AttemptReport& report) {
  const std::string trouble = name_trouble(report);
  if (trouble.empty()) troubles_.interrupt();
  const std::uint64_t repeats = trouble.empty() ? 0 : troubles_.note(trouble, steady_now());
  const bool is_repeat = repeats != 0;
  const LogLevel level =
      is_repeat || report.judgement.verdict == Verdict::accepted ? LogLevel::info : LogLevel::warning;
  const std::string job = plan.pair().job.text();
  if (report.kind == AttemptReport::Kind::refused) return;  // job.refused says it
  if (report.sent_from == SystemTime{}) {
    const bool is_failure = report.kind == AttemptReport::Kind::failed;
    LogFields fields{{"job", job}, {"reason", report.judgement.reason}};
    if (is_failure && is_repeat) fields.emplace_back("repeats", repeats);
    log_.write(is_failure ? level : LogLevel::info,
               is_failure ? event::pair_unreadable : event::pair_incomplete,
               is_failure ? "the pair could not be read; it is tried again"
                          : "a file changed before it was sent; the pair starts over",
               std::move(fields));
    return;
  }
  const ExchangeEnd& end = report.end;
  metrics_.count_attempt(report.judgement.verdict, plan.queued, end);
  LogFields fields{
      {"job", job}, {"attempt", plan.action.attempt}, {"verdict", word_of(report.judgement.verdict)}};
  if (report.api) {
    fields.emplace_back("http_status", report.api->status);
    if (!report.api->id.empty()) fields.emplace_back("id", report.api->id);
    if (!report.api->request_id.empty()) fields.emplace_back("request_id", report.api->request_id);
  }
  fields.emplace_back("bytes", end.bytes_sent);
  fields.emplace_back("queued_ms", plan.queued.count());
  fields.emplace_back("connect_ms", end.times.connect.count());
  fields.emplace_back("upload_ms", end.times.upload.count());
  fields.emplace_back("ack_ms", end.times.ack.count());
  fields.emplace_back("commit_ms", end.times.commit.count());
  fields.emplace_back("answer_ms", end.times.answer.count());
  fields.emplace_back("reason", report.judgement.reason);
  if (is_repeat) fields.emplace_back("repeats", repeats);
  log_.write(level, event::attempt_ended,
             "the attempt ended: " + std::string(word_of(report.judgement.verdict)), std::move(fields));
}

void SubmissionLog::log_accepted(const JobRecord& record) {
  note_end(ended_.accepted);
  log_.info(event::job_accepted, record.end.reason, describe_record(record));
}

void SubmissionLog::log_doubt(const JobRecord& record) {
  note_end(ended_.doubt);
  LogFields fields = describe_record(record);
  fields.emplace_back("reason", record.end.reason);
  log_.error(
      event::job_doubt,
      "in doubt: look it up at the provider with what its .doubt.json says, then `reeld resolve`; it is "
      "not sent again",
      std::move(fields));
}

void SubmissionLog::log_refused(const JobName& job, const EndRecord& end, std::uint64_t attempts) {
  note_end(ended_.refused);
  LogFields fields{{"job", job.text()}, {"attempt", attempts}};
  if (end.http_status != 0) fields.emplace_back("http_status", end.http_status);
  add_id(fields, end);
  if (!end.request_id.empty()) fields.emplace_back("request_id", end.request_id);
  fields.emplace_back("reason", end.reason);
  const std::string message =
      is_created(end)
          ? "created as " + end.api_id +
                ", and failed: see its .error.json; only `reeld retry` tries again, and that may be paid for "
                "again"
          : "not submitted: see its .error.json; remove that file to try again";
  log_.warning(event::job_refused, message, std::move(fields));
}

void SubmissionLog::log_withdrawn(const JobName& job) {
  --ended_.refused;
  log_.info(event::result_withdrawn,
            "all pairs are refused in the same way, so this pair's error file was removed again; the "
            "pair keeps its place in the queue",
            {{"job", job.text()}, {"file", error_result_name(job.stem)}});
}

void SubmissionLog::log_lane(const LaneTransition& change, const std::string& reason) {
  switch (change.kind) {
    case LaneTransition::Kind::nothing:
      return;
    case LaneTransition::Kind::resumed:
      pauses_.interrupt();
      log_.info(event::lane_resumed, "sending goes on", {{"pause", word_of(change.pause)}});
      return;
    case LaneTransition::Kind::paused:
      break;
  }
  pause_note_ = {std::chrono::system_clock::now(), reason};
  LogFields fields{{"pause", word_of(change.pause)}, {"wait_ms", change.wait.count()}, {"reason", reason}};
  const bool is_grave =
      change.pause == Pause::account || change.pause == Pause::refused || change.pause == Pause::doubt;
  LogLevel level = is_grave ? LogLevel::error : LogLevel::warning;
  // A lane that goes on and is paused again every few seconds is one trouble.
  if (const auto repeats = pauses_.note(std::string(word_of(change.pause)), steady_now())) {
    level = LogLevel::info;
    fields.emplace_back("repeats", repeats);
  }
  log_.write(level, event::lane_paused, "sending is paused; every job keeps its place", std::move(fields));
}

void SubmissionLog::log_unrecorded(const JobName& job, const EndRecord& end, const std::string& reason) {
  LogFields fields{{"job", job.text()}, {"verdict", word_of(end.verdict)}};
  add_id(fields, end);
  if (end.verdict == Verdict::accepted) fields.emplace_back("answer", end.answer);
  fields.emplace_back("reason", reason);
  log_.error(event::answer_unrecorded, "an answer could not be recorded in the ledger; it is tried again",
             std::move(fields));
}

void SubmissionLog::log_namesake(const JobName& job, const EndRecord& end, const JobName& other) {
  log_.warning(event::id_repeated,
               "the API has accepted " + job.text() + " with the id that it gave " + other.text() +
                   ": a mock may do that, a real API should not; look both up at the provider",
               {{"job", job.text()}, {"id", end.api_id}, {"other", other.text()}});
}

void SubmissionLog::log_undeliverable(const JobName& job, const std::string& file,
                                      const std::string& answer) {
  LogFields fields{{"job", job.text()}, {"file", file}, {"reason", "its folder is gone"}};
  if (!answer.empty()) fields.emplace_back("answer", answer);
  log_.error(event::result_unwritten, "a result has no folder to go to; it stays in the ledger",
             std::move(fields));
}

void SubmissionLog::log_half_replaced(const JobRecord& record, const std::string& file) {
  log_.warning(event::pair_known,
               "a file of the pair was replaced or edited while its answer was awaited; the result is of "
               "what lay there before. `reeld retry` would send what lies there now",
               {{"job", record.job.name.text()}, {"state", word_of(record.job.state)}, {"file", file}});
}

/// It was submitted before, and its job stays as it is.
void SubmissionLog::log_known(const JobName& job, const Recognition& recognition) {
  const KnownJob& known = *recognition.known;
  LogFields fields{{"job", job.text()}, {"state", word_of(known.state)}};
  std::string_view message =
      "this pair was submitted before; it is not sent again. `reeld retry` sends it again";
  const std::string created =
      "the API created a job for this pair (" + known.created_id +
      "), and the job failed; the pair is not sent again. `reeld retry` sends it again, and that "
      "may cost money again";
  if (!known.created_id.empty()) {
    message = created;
    fields.emplace_back("id", known.created_id);
  }
  // Without a name: other files were sent from its place since.
  if (recognition.match == PairMatch::moved && !known.name.stem.empty()) {
    if (known.created_id.empty())
      message =
          "this pair was submitted before under another name, and its result was written there; it is not "
          "sent "
          "again. `reeld retry` sends it again";
    fields.emplace_back("was", known.name.text());
  } else if (recognition.match == PairMatch::half_replaced && known.created_id.empty()) {
    message =
        "one file of this pair was submitted before under this name, and the other was replaced since; it "
        "is not sent. `reeld retry` would";
  }
  log_.warning(event::pair_known, message, std::move(fields));
}

void SubmissionLog::log_taken_along(const JobRecord& record, const JobName& now) {
  const JobName& was = record.job.name;
  log_.warning(event::pair_known,
               was == now ? "this pair was submitted before, and its result was not written; it is now"
                          : "this pair was submitted before, under another name; its result goes with it",
               {{"job", now.text()}, {"was", was.text()}, {"state", word_of(record.job.state)}});
}

void SubmissionLog::log_busy(const JobName& job) {
  log_.warning(event::pair_incomplete,
               "the pair changes again and again while it is sent; it waits for a while each "
               "time. Write it elsewhere, and rename it into place when it is complete",
               {{"job", job.text()}, {"reason", "its files change during uploads"}});
}

void SubmissionLog::log_under_result(const JobName& job, const KnownJob& known) {
  log_.warning(event::pair_known,
               "this pair has a result already, that is about what lay here before: it is not sent. "
               "`reeld retry` would",
               {{"job", job.text()}, {"state", word_of(known.state)}});
}

void SubmissionLog::log_beside_others(const JobRecord& record, const std::string& file) {
  log_.warning(event::pair_known,
               "a pair that is in doubt was replaced while its answer was awaited: what lies there now "
               "waits. Settle the doubt with `reeld resolve`, or send the new files with `reeld retry`",
               {{"job", record.job.name.text()}, {"state", word_of(record.job.state)}, {"file", file}});
}

void SubmissionLog::log_set_aside(const JobRecord& record, const std::string& file) {
  LogFields fields{{"job", record.job.name.text()}, {"file", file}, {"state", word_of(record.job.state)}};
  add_id(fields, record.end);
  log_.warning(event::result_written,
               "another pair has taken its name since it was sent: its result is kept under a hidden one",
               std::move(fields));
}

void SubmissionLog::log_late(const JobRecord& record, const std::string& file) {
  LogFields fields{{"job", record.job.name.text()}, {"file", file}, {"state", word_of(record.job.state)}};
  add_id(fields, record.end);
  log_.info(event::result_written, "a result that was owed is written", std::move(fields));
}

void SubmissionLog::note_ledger_read(const std::string& error) {
  if (std::exchange(is_ledger_unreadable_, !error.empty()) == !error.empty()) return;
  if (error.empty()) {
    log_.info(event::ledger_recovered, "the ledger can be read again");
  } else {
    log_.error(event::ledger_failed, "the ledger cannot be read: nothing more is sent until it can",
               {{"reason", error}});
  }
}

void SubmissionLog::note_block_reason(BlockReason now) {
  const bool was_capped = last_block_reason_ == BlockReason::per_day;
  last_block_reason_ = now;
  if (now == BlockReason::per_day && !was_capped) {
    log_.warning(event::lane_paused, "sending is paused: per_day is reached; every job keeps its place",
                 {{"pause", "per_day"}, {"reason", "the last 24 hours have seen as many as per_day allows"}});
  } else if (was_capped && now != BlockReason::per_day) {
    log_.info(event::lane_resumed, "sending goes on", {{"pause", "per_day"}});
  }
}

}  // namespace reeld
