#pragma once
// What the end of an attempt means. The table is data (verdict.cpp), read from top to bottom; accepted is
// judged first and nothing overrides it; then the user's rules; then the table.
//
// Threads: pure. The reasons are for people and never hold the prompt or the key.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/api_reply.hpp"
#include "core/verdict_rule.hpp"
#include "core/verdict_table.hpp"
#include "core/verdict_word.hpp"

namespace reeld {

/// Everything that is known when an attempt is over.
struct AttemptEnd {
  bool committed = false;          // the closing boundary may have left
  bool reused_connection = false;  // it has carried other requests before
  bool proxy_reply = false;        // `reply` came from a proxy that refused CONNECT
  bool has_accepted = false;       // the API has accepted something since the start, or a reload
  std::optional<ApiReply> reply;   // a whole final reply, early or not
  int cut_status = 0;     // the status of a reply that was cut, malformed or too long; 0: none had begun
  std::string failure;    // why there is no whole reply
  std::string_view sent;  // the caller's: the prompt, and the fields' names and texts; an error text may
                          // echo any of it, and what it says decides nothing
  std::vector<std::string_view> values;  // the caller's: the fields' texts among it
};

struct Judgement {
  Verdict verdict = Verdict::doubt;
  std::string reason;
  std::optional<milliseconds> wait;  // throttled: what the API asked for
  About about = About::all;          // refused, account: whom it may be about
  std::string likeness{};            // ... and the same text for answers that say the same; else ""
};

Judgement judge(const AttemptEnd& end, const std::vector<VerdictRule>& rules);

/// Whether an answer of that status is about the key, the path or the rate, and comes before any job: one
/// that it names is another's, most likely the one that runs.
bool is_before_any_job(int status);
/// Whether a job was created at the API, be it that it has failed since: a 2xx with an id, or a 4xx with an
/// id and the status of a job that has failed.
bool is_created(const ApiReply& reply);
/// Whether it names a job though it is no success: the API takes this request for one that it has had, or
/// something failed after the job was created. By the id, and a job's own status word.
bool names_job(const ApiReply& reply);
/// Whether it leaves little doubt that the API has a job, though none is named in its place: a repeat could
/// only buy a second one.
bool tells_of_job(const ApiReply& reply);
/// Either of the two: there is a job's id to name, and another try may be paid for again.
bool has_named_job(const ApiReply& reply);
/// Whether the reply says that the API has created a job: 2xx, a JSON object, an id, no failure word, no real
/// error.
bool is_accepted(const ApiReply& reply);

/// A job's status word that says it failed ("failed", "error", "cancelled", ...).
bool is_failure_word(std::string_view status_word);
/// ... and that no envelope has: "error" and "fail" are words of those, too, whose id is not a job's.
bool is_word_of_failed_job(std::string_view status_word);

}  // namespace reeld
