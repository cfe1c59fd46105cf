#pragma once
// What the end of a poll means: for the job, for the pace of all polls, and for STEM.job.json.
//
// Threads: pure.

#include <optional>
#include <string_view>

#include "follow/answer.hpp"
#include "follow/job.hpp"

namespace reeld {

/// What a request's end says about the server, apart from any one job.
enum class PaceNews {
  fine,       // it answers
  throttled,  // it wants to be left alone for a while
  account,    // it does not take the key, or there is no credit
  trouble,    // it cannot be reached, or fails
};

struct PollVerdict {
  FollowEvent event;
  PaceNews pace = PaceNews::fine;
  std::optional<milliseconds> wait{};  // what the server asks all to wait
  bool may_replace = false;  // it is an answer about this job, and no error: it may become STEM.job.json
};

/// `id`: the job's at the API. The event's `is_newer` is left to the caller, who knows the answer before.
PollVerdict judge_poll(const VideoAnswer& answer, std::string_view id);

/// Of a poll without a whole answer: no connection, a cut, no time left.
PollVerdict judge_no_answer();

/// A download's reply that is no file: what it says about the server, and the event that it is for the job.
struct DownloadVerdict {
  FollowEvent::Kind event = FollowEvent::Kind::gone;
  PaceNews pace = PaceNews::fine;
  std::optional<milliseconds> wait{};
};
/// `is_from_api`: it came from the API's own origin, with the key; another's 401 or 403 is a link that is no
/// longer good.
DownloadVerdict judge_no_file(const ApiReply& reply, bool is_from_api);

}  // namespace reeld
