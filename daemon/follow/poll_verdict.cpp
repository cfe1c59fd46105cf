#include "follow/poll_verdict.hpp"

#include <algorithm>
#include <array>

#include "core/verdict.hpp"

namespace reeld {
namespace {

using Event = FollowEvent::Kind;

bool is_2xx(int status) {
  return status >= 200 && status <= 299;
}

bool is_unknown_task(const ApiReply& reply) {
  static constexpr std::array<std::string_view, 3> codes{"task_not_exist", "task_not_found",
                                                         "video_not_found"};
  return std::ranges::any_of(
      reply.codes, [](const std::string& code) { return std::ranges::find(codes, code) != codes.end(); });
}

/// The job's own answer: it names its id (or, where the id is nested elsewhere, no other), or has a status.
bool is_about_job(const ApiReply& reply, std::string_view id) {
  if (!reply.json_object) return false;
  if (reply.id == id) return true;
  return is_2xx(reply.status) && !reply.status_word.empty() && !reply.error_object;
}

Event event_of(FollowStatus status) {
  switch (status) {
    case FollowStatus::queued:
    case FollowStatus::running:
      return Event::running;
    case FollowStatus::completed:
      return Event::completed;
    case FollowStatus::failed:
      return Event::failed;
    case FollowStatus::expired:
      break;
  }
  return Event::expired;
}

std::uint8_t count_of(const std::vector<std::string>& links) {
  return static_cast<std::uint8_t>(std::min<std::size_t>(links.size(), UINT8_MAX));
}

PollVerdict judge_job(const VideoAnswer& answer, std::string_view id) {
  const ApiReply& reply = answer.api;
  const ReadStatus read = read_follow_status(reply.status_word);
  PollVerdict verdict;
  verdict.event.kind = event_of(read.status);
  verdict.event.status = read.status;
  verdict.event.is_word_known = read.is_known;
  verdict.event.progress = answer.progress;
  for (std::size_t i = 0; i < answer.links.size(); ++i) verdict.event.links[i] = count_of(answer.links[i]);
  verdict.event.wait = answer.poll_after;
  if (reply.retry_after) verdict.event.wait = std::max(reply.retry_after, answer.poll_after);
  verdict.may_replace = is_2xx(reply.status) && reply.id == id;
  return verdict;
}

PollVerdict make_verdict(Event event, PaceNews pace, std::optional<milliseconds> wait = std::nullopt) {
  PollVerdict verdict;
  verdict.event.kind = event;
  verdict.event.wait = wait;
  verdict.pace = pace;
  verdict.wait = wait;
  return verdict;
}

/// As the table of verdicts has it for submissions.
Verdict judge_trouble(const ApiReply& reply) {
  AttemptEnd end;
  end.committed = true;
  end.has_accepted = true;  // the job is known there: the address is right
  end.reply = reply;
  return judge(end, {}).verdict;
}

}  // namespace

PollVerdict judge_poll(const VideoAnswer& answer, std::string_view id) {
  const ApiReply& reply = answer.api;
  if (is_about_job(reply, id)) {
    const bool has_failed = is_failure_word(reply.status_word);
    if (is_2xx(reply.status) || has_failed) return judge_job(answer, id);
  }
  if (reply.status == 404 || reply.status == 410 || is_unknown_task(reply))
    return make_verdict(Event::missing, PaceNews::fine);
  switch (judge_trouble(reply)) {
    case Verdict::throttled:
      return make_verdict(Event::postponed, PaceNews::throttled, reply.retry_after);
    case Verdict::account:
      return make_verdict(Event::postponed, PaceNews::account);
    default:
      break;
  }
  const bool is_servers = reply.status >= 500 || reply.status == 408;
  return make_verdict(Event::unanswered, is_servers ? PaceNews::trouble : PaceNews::fine, reply.retry_after);
}

PollVerdict judge_no_answer() {
  return make_verdict(Event::postponed, PaceNews::trouble);
}

DownloadVerdict judge_no_file(const ApiReply& reply, bool is_from_api) {
  if (reply.status == 429 || reply.status == 425)
    return {Event::postponed, PaceNews::throttled, reply.retry_after};
  if (reply.status == 408 || reply.status >= 500) return {Event::cut, PaceNews::fine, reply.retry_after};
  if (!is_from_api) return {Event::gone};
  if (reply.status == 401 || reply.status == 402 || reply.status == 403) {
    // Not of a job that the API has failed or forgotten: that is asked for by a poll.
    const bool is_account = judge_trouble(reply) == Verdict::account && !is_unknown_task(reply);
    if (is_account) return {Event::postponed, PaceNews::account};
  }
  return {Event::gone};
}

}  // namespace reeld
