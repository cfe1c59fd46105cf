#include "submit/end_record.hpp"

#include <array>

#include "codec/fields_json.hpp"
#include "codec/seen_id.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

// What a provider's support asks for, and what tells which machine answered.
constexpr std::array<std::string_view, 8> headers_that_matter{
    "date", "server", "via", "retry-after", "x-request-id", "x-oneapi-request-id", "cf-ray", "content-type"};

/// Nobody can take the key out of what is compressed: then as much as can be read of it stands for it.
bool shows_key(const Reply& reply, const Secrets& secrets) {
  return !reply.glimpse.empty() && secrets.take_out(reply.glimpse) != reply.glimpse;
}

/// Among them the coding that is still on the body, if there is one.
std::string pick_headers(const Reply& reply, const Secrets& secrets) {
  JobFields picked;
  if (!reply.coding.empty() && !shows_key(reply, secrets))
    picked.push_back({std::string(coding_header), secrets.take_out(reply.coding)});
  for (const std::string_view name : headers_that_matter) {
    const std::string_view value = reply.header(name);
    if (!value.empty()) picked.push_back({std::string(name), secrets.take_out(std::string(value))});
  }
  return picked.empty() ? "" : write_fields_json(picked);
}

const std::optional<Reply>& get_reply(const AttemptReport& report) {
  return report.end.reply ? report.end.reply : report.end.cut_reply;
}

/// Of an answer in doubt: the id that stands in it, whatever it is worth. An error's id is not a job's, and
/// an echo of the prompt is none. Where the status tells no success, only what stands in a job's place
/// counts.
std::string see_id(const AttemptReport& report, const Secrets& secrets) {
  const std::optional<Reply>& reply = get_reply(report);
  if (!reply) return {};
  const bool is_success = reply->status == 0 || reply->status / 100 == 2;
  const bool is_in_place = report.api && !report.api->id.empty() &&
                           (is_success || !report.api->real_error || names_job(*report.api));
  std::string id = is_in_place ? report.api->id : is_success ? find_seen_id(*reply) : std::string();
  const bool is_echo = report.snapshot && !id.empty() && find_seen_id(report.snapshot->prompt) == id;
  return is_echo ? "" : secrets.take_out(std::move(id));
}

}  // namespace

EndRecord make_end_record(const AttemptReport& report, const AttemptPlan& plan) {
  EndRecord out;
  out.token = report.intent.token;
  out.verdict = report.kind == AttemptReport::Kind::judged || report.kind == AttemptReport::Kind::refused
                    ? report.judgement.verdict
                    : Verdict::unsent;
  out.reason = report.judgement.reason;
  out.bytes = report.end.bytes_sent;
  out.at = report.ended_at == SystemTime{} ? std::chrono::system_clock::now() : report.ended_at;
  if (report.api) {
    out.api_id = report.api->id;
    out.request_id = report.api->request_id;
  }
  if (out.verdict == Verdict::doubt) out.api_id = see_id(report, plan.context->secrets);
  const bool has_job = report.api && has_named_job(*report.api);
  // An error's own id is no job's, and an answer about the account may turn out to be this pair's refusal.
  if (out.verdict != Verdict::accepted && out.verdict != Verdict::doubt && !has_job) out.api_id.clear();
  const std::optional<Reply>& reply = get_reply(report);
  if (!reply) return out;
  out.http_status = reply->status;
  out.headers = pick_headers(*reply, plan.context->secrets);
  if (out.request_id.empty())
    out.request_id = plan.context->secrets.take_out(std::string(reply->header("x-request-id")));
  // What was paid for is kept byte for byte; what goes into an error file is rid of secrets, should they be
  // there.
  const std::string& body = shows_key(*reply, plan.context->secrets) ? reply->glimpse : reply->body;
  out.answer = out.verdict == Verdict::accepted ? body : redact(body, "", plan.context->secrets);
  return out;
}

void take_ruling(const Action& action, EndRecord& end) {
  if (action.verdict == Verdict::account) end.verdict = Verdict::account;
  if (action.verdict != Verdict::refused || std::exchange(end.verdict, Verdict::refused) == Verdict::refused)
    return;
  end.reason += action.ruling == Wall::Ruling::alone
                    ? "; three times running, and there was no other pair to ask with"
                    : "; other pairs are answered otherwise, so it is about this one";
}

}  // namespace reeld
