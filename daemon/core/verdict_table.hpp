#pragma once
// The table of verdicts, for replies that are not accepted: the first row that holds is the verdict.

#include <span>
#include <string_view>

#include "core/verdict_word.hpp"

namespace reeld {

/// What the reply's body must show, besides status, code and text.
enum class Needs {
  nothing,
  error_object,           // an API error
  page,                   // words, and no API error
  no_error_object,        // none: not the API that answers, but something before it
  error_and_retry_after,  // an API error, and a Retry-After header
  error_if_success,       // an API error, where the status alone tells none
  unreadable_id,          // a job was created, and its id is damaged
  id_and_failure,         // a job that was created and failed at once
  id_and_failure_word,    // ... said with a refusal's status (core/verdict's is_created); never a proxy's
  id_of_job,              // the id of a job, with a job's status
  result_elsewhere,       // a Location where a job's result is to be
  job_id,                 // an id that is a job's, though it does not stand where it belongs
  failure_and_seen_id,    // a failure, and an id that does not stand where a job's does
  json_failure,           // JSON that says itself that it failed
  param,                  // an API error that names a parameter of this request
  proxys,                 // a proxy's, which refuses CONNECT
  error_before_accepted,  // an API error, and the API has accepted nothing so far
};

/// Whom a refusal or a pause may be about.
enum class About {
  all,         // whoever sends
  pair,        // the pair; but the same three times running may be about all
  either,      // this pair, or whoever sends: it is proven with another pair (scheduler/wall)
  pair_once,   // likewise; but each job may be paid for, so none of those pairs is sent again
  pair_alone,  // the pair, whatever others meet: its content
};

struct TableRow {
  int from;  // statuses, both ends included
  int to;
  std::span<const std::string_view> codes;  // any of these (lower case), or ...
  std::span<const std::string_view> texts;  // ... any of these within an error's text, or a page's words, and
                                            // not within what was sent, which it may echo; both empty: any
  Needs needs;
  Verdict verdict;
  std::string_view why;  // for people: what it means and what to do
  About about = verdict == Verdict::refused ? About::pair : About::all;
};

std::span<const TableRow> verdict_table();

}  // namespace reeld
