#include "core/verdict.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "core/echo.hpp"
#include "core/job_words.hpp"
#include "core/likeness.hpp"
#include "core/utf8.hpp"
#include "core/verdict_table.hpp"

namespace reeld {
namespace {

bool has_code(const ApiReply& reply, std::string_view code) {
  return std::ranges::any_of(reply.codes, [&](const std::string& mine) { return to_lower(mine) == code; });
}

bool is_line_of(std::string_view text, std::string_view line) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (to_lower(trim_blanks(text.substr(0, end))) == line) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

bool has_part(const std::vector<std::string>& fields, std::string_view part) {
  return std::ranges::any_of(
      fields, [&](const std::string& field) { return to_lower(field).find(part) != std::string::npos; });
}

/// A phrase that stands in what was sent may be an echo of that, and says nothing.
bool has_text(const AttemptEnd& end, std::string_view part) {
  const ApiReply& reply = *end.reply;
  const bool is_there = has_part(reply.texts, part) || to_lower(reply.page).find(part) != std::string::npos;
  return is_there && !has_phrase(end.sent, part);
}

/// The same, or in a code or type of the error.
bool has_in_any_field(const AttemptEnd& end, std::string_view part) {
  return has_text(end, part) || (has_part(end.reply->codes, part) && !has_phrase(end.sent, part));
}

bool is_success(int status) {
  return status >= 200 && status <= 299;
}

/// A refusal that surely created nothing: pairs that have met it may be sent again.
bool costs_nothing(int status) {
  return status >= 400 && status <= 499 && status != 408;
}

bool says_failed(const ApiReply& reply) {
  return reply.real_error || is_failure_word(reply.status_word);
}

/// Its id stands in its place, with a character that cannot be read.
bool has_unreadable_job(const ApiReply& reply) {
  return reply.has_unreadable_id && (is_success(reply.status) || is_word_of_life(reply.status_word));
}

/// A job may have been created, and there is no id to name it by in an error file: whoever removes that has
/// the pair sent again.
bool may_be_paid_unnamed(const ApiReply& reply) {
  if (reply.is_result_elsewhere) return true;
  return has_unreadable_job(reply) || (is_success(reply.status) && reply.shows_job_id);
}

/// Of a job, whatever else was asked for: another try may be paid for again.
bool may_be_paid(const ApiReply& reply) {
  return has_named_job(reply) || may_be_paid_unnamed(reply);
}

bool meets(const AttemptEnd& end, Needs needs) {
  const ApiReply& reply = *end.reply;
  switch (needs) {
    case Needs::nothing:
      return true;
    case Needs::error_object:
      return reply.error_object;
    case Needs::page:
      return !reply.error_object && !reply.page.empty();
    case Needs::no_error_object:
      return !reply.error_object;
    case Needs::error_and_retry_after:
      return reply.error_object && reply.retry_after_header;
    case Needs::error_if_success:
      return reply.error_object || !is_success(reply.status) || says_failed(reply);
    case Needs::unreadable_id:
      return reply.has_unreadable_id;
    case Needs::id_and_failure:
      return !reply.id.empty() && says_failed(reply);
    case Needs::id_and_failure_word:
      return !end.proxy_reply && is_created(reply);
    case Needs::id_of_job:
      return !end.proxy_reply && (names_job(reply) || has_unreadable_job(reply));
    case Needs::result_elsewhere:
      return end.committed && !end.proxy_reply && reply.is_result_elsewhere;
    case Needs::job_id:
      return reply.shows_job_id;
    case Needs::failure_and_seen_id:
      return reply.json_object && says_failed(reply) && reply.shows_id;
    case Needs::json_failure:
      return reply.json_object && says_failed(reply);
    case Needs::param:
      return reply.error_object && reply.names_request;
    case Needs::proxys:
      return end.proxy_reply;
    case Needs::error_before_accepted:
      return reply.error_object && !end.has_accepted;
  }
  return false;
}

bool matches(const TableRow& row, const AttemptEnd& end) {
  const ApiReply& reply = *end.reply;
  if (reply.status < row.from || reply.status > row.to || !meets(end, row.needs)) return false;
  if (row.codes.empty() && row.texts.empty()) return true;
  // A code is no piece of a text: what was sent is that code, or has nothing to do with it.
  const auto is_said = [&](std::string_view code) {
    return has_code(reply, code) && !is_line_of(end.sent, code);
  };
  return std::ranges::any_of(row.codes, is_said) ||
         std::ranges::any_of(row.texts, [&](std::string_view text) { return has_text(end, text); });
}

bool matches(const VerdictRule& rule, const AttemptEnd& end) {
  const ApiReply& reply = *end.reply;
  if (!rule.statuses.empty() && std::ranges::find(rule.statuses, reply.status) == rule.statuses.end())
    return false;
  if (!rule.code.empty() && !has_code(reply, to_lower(rule.code))) return false;
  return rule.contains.empty() || has_in_any_field(end, to_lower(rule.contains));
}

/// A proxy's reply is none of the rules' business, and no rule makes doubt of what was never sent whole; of
/// an early success it may. Nor does any have a pair sent again whose job may be paid for.
bool applies(const VerdictRule& rule, const AttemptEnd& end) {
  if (end.proxy_reply) return false;
  const bool sends_again = rule.verdict != Verdict::refused && rule.verdict != Verdict::doubt;
  if (sends_again && may_be_paid(*end.reply)) return false;
  if (rule.verdict == Verdict::refused && may_be_paid_unnamed(*end.reply)) return false;
  const bool is_plainly_unsent = !end.committed && !is_success(end.reply->status);
  return !(rule.verdict == Verdict::doubt && is_plainly_unsent) && matches(rule, end);
}

std::string shorten(std::string_view text, std::size_t most) {
  return std::string(cut_text(text, most)) + (text.size() > most ? "..." : "");
}

std::string name_speaker(const ApiReply& reply, bool is_proxy) {
  if (is_proxy) return "the proxy";
  if (reply.error_object || reply.status < 400) return "the API";
  if (reply.front.empty()) return reply.page.empty() ? "the API" : "the server";
  return "a server before the API (" + shorten(reply.front, 100) + ")";
}

/// `HTTP 429 (rate_limit_exceeded) "Too many requests"`: the other side's own words, marked as such by the
/// quotes.
std::string describe(const ApiReply& reply, std::string_view why, bool is_proxy) {
  std::string out = name_speaker(reply, is_proxy) + " answered HTTP " + std::to_string(reply.status);
  if (!reply.codes.empty()) out += " (" + shorten(reply.codes.front(), 100) + ")";
  const std::string& words = reply.texts.empty() ? reply.page : reply.texts.front();
  if (!words.empty()) out += " \"" + shorten(words, 500) + "\"";
  return out + ": " + std::string(why);
}

Judgement judge_silence(const AttemptEnd& end) {
  if (end.committed) {
    return {Verdict::doubt, "all of it was sent, and no whole answer came: " + end.failure, std::nullopt};
  }
  if (is_success(end.cut_status)) {
    return {Verdict::doubt,
            "an early answer (HTTP " + std::to_string(end.cut_status) + ") was cut: " + end.failure,
            std::nullopt};
  }
  return {Verdict::unsent, end.failure, std::nullopt};
}

/// An answer before the closing boundary went out: 408 and 5xx of the table's doubts are then plainly unsent,
/// but where a job is named.
bool is_unsent_early(const AttemptEnd& end, const TableRow& row) {
  const int status = end.reply->status;
  const bool is_doubt = row.verdict == Verdict::doubt && row.needs != Needs::id_of_job;
  return !end.committed && is_doubt && (status == 408 || status >= 500);
}

/// A success that comes early is taken for this request's only where there was none before it.
bool may_be_anothers(const AttemptEnd& end) {
  return !end.committed && !end.proxy_reply && end.reused_connection && is_success(end.reply->status);
}

/// Of an answer that should have told a job's id: what kept it from that.
std::string explain(const TableRow& row, const ApiReply& reply) {
  const bool is_flawed = row.verdict == Verdict::doubt && is_success(reply.status) && !reply.flaw.empty();
  return is_flawed ? "the answer " + reply.flaw + "; the API may have created the job" : std::string(row.why);
}

Judgement judge_by_table(const AttemptEnd& end) {
  const ApiReply& reply = *end.reply;
  for (const TableRow& row : verdict_table()) {
    if (!matches(row, end)) continue;
    if (is_unsent_early(end, row)) {
      return {Verdict::unsent,
              describe(reply, "the upload was stopped before it was complete", end.proxy_reply),
              {}};
    }
    Judgement out{row.verdict, describe(reply, explain(row, reply), end.proxy_reply), std::nullopt};
    if (row.verdict == Verdict::throttled) out.wait = reply.retry_after;
    out.about = row.about;
    if (row.about != About::all && row.about != About::pair_alone)
      out.likeness = likeness_of(reply, end.values);
    return out;
  }
  return {end.committed ? Verdict::doubt : Verdict::unsent,
          describe(reply, "no known meaning", end.proxy_reply), std::nullopt};
}

}  // namespace

bool is_failure_word(std::string_view status_word) {
  static constexpr std::array<std::string_view, 6> words{"failed", "failure",   "fail",
                                                         "error",  "cancelled", "canceled"};
  const std::string word = to_lower(status_word);
  return std::ranges::find(words, word) != words.end();
}

bool is_word_of_failed_job(std::string_view status_word) {
  const std::string word = to_lower(status_word);
  return is_failure_word(word) && word != "error" && word != "fail";
}

bool is_before_any_job(int status) {
  static constexpr std::array<int, 8> statuses{401, 402, 403, 404, 405, 407, 425, 429};
  return std::ranges::find(statuses, status) != statuses.end();
}

bool is_created(const ApiReply& reply) {
  if (reply.id.empty()) return false;
  const bool is_refusal = reply.status >= 400 && reply.status <= 499 && !is_before_any_job(reply.status);
  return is_success(reply.status) || (is_refusal && is_word_of_failed_job(reply.status_word));
}

bool names_job(const ApiReply& reply) {
  if (reply.id.empty() || reply.status < 300) return false;
  const bool is_late = reply.status >= 500;
  return is_word_of_life(reply.status_word) || (is_late && is_word_of_failed_job(reply.status_word));
}

bool tells_of_job(const ApiReply& reply) {
  return names_job(reply) || reply.is_result_elsewhere || has_unreadable_job(reply) || reply.shows_live_job;
}

bool has_named_job(const ApiReply& reply) {
  return is_created(reply) || names_job(reply);
}

bool is_accepted(const ApiReply& reply) {
  return is_success(reply.status) && reply.json_object && !reply.id.empty() && !says_failed(reply);
}

Judgement judge(const AttemptEnd& end, const std::vector<VerdictRule>& rules) {
  if (!end.reply) return judge_silence(end);
  const ApiReply& reply = *end.reply;
  if (may_be_anothers(end)) {
    return {Verdict::doubt,
            describe(reply,
                     "it came before the whole request was sent, on a connection that had carried another, "
                     "whose late answer it may be",
                     false),
            std::nullopt};
  }
  if (!end.proxy_reply && is_accepted(reply)) {
    return {Verdict::accepted, "the API created job " + reply.id, std::nullopt};
  }
  for (const VerdictRule& rule : rules) {
    if (!applies(rule, end)) continue;
    Judgement out{rule.verdict, describe(reply, "by a [[verdict]] rule", false), std::nullopt};
    if (rule.verdict == Verdict::throttled) out.wait = reply.retry_after;
    if (rule.verdict == Verdict::refused) {
      const bool is_free = costs_nothing(reply.status) && !may_be_paid(reply);
      out.about = is_free ? About::pair : About::pair_alone;
      if (out.about == About::pair) out.likeness = likeness_of(reply, end.values);
    }
    return out;
  }
  return judge_by_table(end);
}

}  // namespace reeld
