#include "spool/result_text.hpp"

#include "codec/fields_json.hpp"
#include "codec/job_json.hpp"
#include "codec/result_json.hpp"
#include "core/spool_name.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

ErrorResult build_base(const EndRecord& end, std::uint64_t attempts) {
  ErrorResult out;
  out.verdict = word_of(end.verdict);
  out.reason = end.reason;
  out.http_status = end.http_status;
  out.attempts = attempts;
  out.api = end.answer;
  for (const JobField& header : read_fields_json(end.headers)) {
    if (header.name == coding_header) out.api_coding = header.value;
  }
  out.at = end.at;
  return out;
}

}  // namespace

std::string build_error_text(const EndRecord& end, std::uint64_t attempts) {
  ErrorResult result = build_base(end, attempts);
  if (is_created(end)) result.id = end.api_id;
  return build_error_json(result);
}

bool is_created(const EndRecord& end) {
  return end.verdict == Verdict::refused && !end.api_id.empty();
}

std::string find_api_id(const std::string& answer, SystemTime now) {
  Reply reply;
  reply.status = 200;
  reply.body = answer;
  const ApiReply read = read_api_reply(reply, now);
  return is_accepted(read) ? read.id : "";
}

ResultText build_result(const JobRecord& record) {
  const std::string& stem = record.job.name.stem;
  if (record.job.state == LedgerState::refused)
    return {error_result_name(stem), build_error_text(record.end, record.attempts)};
  if (record.job.state == LedgerState::accepted) return {job_result_name(stem), record.end.answer};
  DoubtResult doubt;
  doubt.base = build_base(record.end, record.attempts);
  doubt.base.verdict = word_of(Verdict::doubt);
  doubt.sent_from = record.intent.at;
  doubt.sent_until = record.end.at;
  doubt.url = record.intent.url;
  doubt.fields = read_fields_json(record.intent.fields);
  doubt.prompt_start = record.intent.prompt_start;
  doubt.image_sha256 = record.end.image_sha256;
  doubt.request_id = record.end.request_id;
  doubt.id_seen = record.end.api_id;
  doubt.ids_seen_before = record.ids_before;
  doubt.job = record.job.name.text();
  doubt.idempotency_key = record.intent.idempotency_key;
  return {doubt_result_name(stem), build_doubt_json(doubt)};
}

}  // namespace reeld
