#pragma once
// What an API's reply says, once translated (codec/job_json): the only view of a reply that verdicts are made
// of. The texts are from error fields only, never from the whole body, which may echo the prompt.

#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"

namespace reeld {

struct ApiReply {
  int status = 0;
  bool json = false;            // the body is JSON
  bool json_object = false;     // ... and an object
  bool is_mended = false;       // ... once what no JSON has was mended: its connection is not used again
  bool error_object = false;    // an API error: a real `error`, a flat `code` with a `message`, a `detail`
  bool real_error = false;      // `error` (top level or in `data`) is an error: not null, "none", {"code":0}
  bool names_request = false;   // the error has a non-empty `param`
  std::string id;               // the first non-empty string of id, task_id, data.id, data.task_id; else of
                                // data[0], or a whole number's digits, where no code speaks against it; of
                                // a refusal also one elsewhere, of a live job (codec/named_job)
  bool shows_id = false;        // of a success without an id that can be taken: one stands elsewhere
  bool shows_job_id = false;    // ... that is a job's, by its name or its place (codec/named_job)
  bool shows_live_job = false;  // ... beside the word of a job that waits, runs or is complete
  bool is_result_elsewhere = false;  // a redirect that may lead to the job (http/result_redirect)
  bool has_unreadable_id = false;  // one stands there, with a character that could not be read, and no other
  std::string status_word;         // of the job (status, data.status; from 300 on also state and
                                   // the like), lower case, "" if none
  std::vector<std::string> codes;  // error.code, code, error.type, type (as text, numbers too), lower case
  std::vector<std::string> texts;  // error (when text), error.message, error.message_zh, message, detail
  std::optional<milliseconds> retry_after;  // Retry-After, retry-after-ms or the body's retryAfter
  bool retry_after_header = false;          // the wait was asked for by a Retry-After header
  std::string flaw;        // of an answer without an id that can be taken: what is wrong, behind "the answer"
  std::string request_id;  // x-request-id (or its kin), "" if none
  std::string front;  // who says that it has answered: "nginx", "cloudflare, cf-ray 8f2c-FRA"; "" if nobody
  std::string page;   // without an API error: a page's title, or the beginning of a text; "" if none
};

}  // namespace reeld
