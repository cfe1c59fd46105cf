#pragma once
// A job that an answer tells of elsewhere than where a job's id belongs. An inside header of codec.
//
// Threads: pure.

#include <string>
#include <string_view>

#include "codec/job_json.hpp"
#include "core/api_reply.hpp"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace reeld {

/// The digits of a whole number over 0, as the body has them; "" of anything else.
std::string read_whole_number(const boost::json::value& value);

/// Which ids are taken.
struct IdReading {
  bool is_mended = false;     // U+FFFD stands for what could not be read
  const OtherIds& of_others;  // the caller's
  /// It is none, or another's.
  bool is_left_out(std::string_view id) const;
  bool is_readable(std::string_view id) const;
};

/// A job's status, and no envelope's: it waits, runs, is complete or has failed.
bool is_job_word(std::string_view word);

/// At `status`, `state` or the like, in lower case: a job's word before an envelope's, as in
/// {"status": "error", "state": "running"}. "" where there is none.
std::string read_job_word(const boost::json::object& object);

/// Of a refusal or a server's fault, where no job stands in its place: sets `id` and `status_word` where an
/// id stands beside the word of a job that lives or has failed, under a name that only a job's id has
/// ("task_id"), or in an object that is called as a job is ("task", "existing", "data"). What is about key,
/// path or rate (401 to 405, 407, 425, 429) often names another, the one that runs: of that only what stands
/// at the top or in `data` counts.
void read_named_job(const boost::json::value& answer, const IdReading& reading, ApiReply& reply);

/// Of a success without an id that can be taken: sets `shows_id`, for one that stands beside its errors;
/// `shows_job_id`, for one in an object that is called as a job is, under a job's own name, or beside the
/// word of a live job; and `shows_live_job` for the last.
void read_shown_id(const boost::json::value& answer, const IdReading& reading, ApiReply& reply);

}  // namespace reeld
