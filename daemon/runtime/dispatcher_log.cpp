// What the dispatcher says in the log.

#include "runtime/dispatcher.hpp"
#include "runtime/log_events.hpp"

namespace reeld {
namespace {

/// What a trouble that is tried again is, apart from the pair that met it; "" for an end that is one.
std::string name_trouble(const AttemptReport& report) {
  const Verdict verdict = report.judgement.verdict;
  if (verdict == Verdict::accepted || verdict == Verdict::refused || verdict == Verdict::doubt) return {};
  const int stage = report.end.failure ? static_cast<int>(report.end.failure->stage) : -1;
  return std::string(word_of(verdict)) + "/" + std::to_string(report.api ? report.api->status : 0) + "/" +
         std::to_string(stage);
}

}  // namespace

void Dispatcher::log_end(const JobName& name, const AttemptPlan& plan, const AttemptReport& report) {
  const ExchangeEnd& end = report.end;
  LogFields fields{
      {"job", name.text()}, {"attempt", plan.number}, {"verdict", word_of(report.judgement.verdict)}};
  if (report.api) {
    fields.emplace_back("http_status", report.api->status);
    if (!report.api->id.empty()) fields.emplace_back("id", report.api->id);
    if (!report.api->request_id.empty()) fields.emplace_back("request_id", report.api->request_id);
  }
  fields.emplace_back("bytes", end.bytes_sent);
  fields.emplace_back("queued_ms", jobs_.at(name).queued.count());
  fields.emplace_back("connect_ms", end.times.connect.count());
  fields.emplace_back("upload_ms", end.times.upload.count());
  fields.emplace_back("commit_ms", end.times.commit.count());
  fields.emplace_back("answer_ms", end.times.answer.count());
  fields.emplace_back("reason", report.judgement.reason);
  // A trouble that goes on is loud once, and then a number.
  const std::string trouble = name_trouble(report);
  const bool is_repeat = !trouble.empty() && trouble == last_trouble_;
  repeats_ = is_repeat ? repeats_ + 1 : 0;
  last_trouble_ = trouble;
  if (is_repeat) fields.emplace_back("repeats", repeats_);
  const bool is_quiet = is_repeat || report.judgement.verdict == Verdict::accepted;
  parts_.log.write(is_quiet ? LogLevel::info : LogLevel::warning, event::attempt_ended,
                   "the attempt ended: " + std::string(word_of(report.judgement.verdict)), std::move(fields));
}

void Dispatcher::log_verdict(const JobName& name, const AttemptPlan& plan, const AttemptReport& report) {
  LogFields fields{{"job", name.text()}, {"attempt", plan.number}};
  if (report.api) {
    fields.emplace_back("http_status", report.api->status);
    if (!report.api->id.empty()) fields.emplace_back("id", report.api->id);
    if (!report.api->request_id.empty()) fields.emplace_back("request_id", report.api->request_id);
  }
  switch (report.judgement.verdict) {
    case Verdict::accepted:
      ++counts_.accepted;
      parts_.log.info(event::job_accepted, report.judgement.reason, std::move(fields));
      return;
    case Verdict::doubt:
      ++counts_.doubt;
      fields.emplace_back("reason", report.judgement.reason);
      parts_.log.error(
          event::job_doubt,
          "in doubt: look it up at the provider with what its .doubt.json says; it is not sent again",
          std::move(fields));
      return;
    default:
      ++counts_.refused;
      fields.emplace_back("reason", report.judgement.reason);
      parts_.log.warning(event::job_refused,
                         "not submitted: see its .error.json; remove that file to try again",
                         std::move(fields));
  }
}

void Dispatcher::log_lane(const LaneChange& change, const std::string& reason) {
  switch (change.kind) {
    case LaneChange::Kind::nothing:
      return;
    case LaneChange::Kind::resumed:
      parts_.log.info(event::lane_resumed, "sending goes on", {{"pause", word_of(change.pause)}});
      return;
    case LaneChange::Kind::paused:
      break;
  }
  const bool is_grave = change.pause == Pause::account || change.pause == Pause::doubt;
  parts_.log.write(is_grave ? LogLevel::error : LogLevel::warning, event::lane_paused,
                   "sending is paused; every job keeps its place",
                   {{"pause", word_of(change.pause)}, {"wait_ms", change.wait.count()}, {"reason", reason}});
}

}  // namespace reeld
