#include "runtime/results.hpp"

#include "codec/result_json.hpp"
#include "runtime/sha256.hpp"

namespace reeld {
namespace {

/// Enough to know a prompt again, cut at a character's start.
std::string begin_of(const std::string& prompt) {
  std::size_t most = 200;
  if (prompt.size() <= most) return prompt;
  while (most > 0 && (static_cast<unsigned char>(prompt[most]) & 0xC0U) == 0x80U) --most;
  return prompt.substr(0, most);
}

ErrorResult build_base(const AttemptReport& report, const AttemptPlan& plan) {
  ErrorResult out;
  out.verdict = word_of(report.judgement.verdict);
  out.reason = report.judgement.reason;
  const bool is_try = report.kind == AttemptReport::Kind::judged;
  out.attempts = plan.number - (is_try || plan.number == 0 ? 0 : 1);
  out.at = report.ended_at == SystemTime{} ? std::chrono::system_clock::now() : report.ended_at;
  const std::optional<Reply>& reply = report.end.reply ? report.end.reply : report.end.cut_reply;
  if (reply) {
    out.http_status = reply->status;
    out.api = redact(reply->body, "", plan.side->key);
  }
  return out;
}

}  // namespace

std::string build_error_result(const AttemptReport& report, const AttemptPlan& plan) {
  return build_error_json(build_base(report, plan));
}

std::string build_doubt_result(const AttemptReport& report, const AttemptPlan& plan) {
  DoubtResult out;
  out.base = build_base(report, plan);
  out.sent_from = report.sent_from;
  out.sent_until = report.ended_at;
  out.url = plan.side->settings.api.url.videos_url();
  out.fields = report.snapshot->fields;
  out.prompt_start = begin_of(report.snapshot->prompt);
  out.image_sha256 = hash_file(report.snapshot->image_file.fd.get()).value_or("");
  out.request_id = report.api ? report.api->request_id : "";
  if (out.request_id.empty() && report.end.cut_reply)
    out.request_id = report.end.cut_reply->header("x-request-id");
  out.job = plan.pair.job.text();
  return build_doubt_json(out);
}

}  // namespace reeld
