#pragma once
// A job that an answer tells of elsewhere than where a job's id belongs. An inside header of codec.
//
// Threads: pure.

#include "core/api_reply.hpp"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace reeld {

/// Whether a job that a refusal or a server's fault names may be this request's, and none stands in its place
/// yet. What is about key, path or rate (401 to 405, 407, 425, 429, 503) often names another: the one that
/// runs.
bool may_name_job(const ApiReply& reply);

/// Sets `id` and `status_word` where an object that is named as a job's ("task", "existing", "data") has an
/// id, and it or what it stands in the word of a live job. `is_mended`: U+FFFD stands for what could not be
/// read.
void read_named_job(const boost::json::object& answer, bool is_mended, ApiReply& reply);

/// Of a success without an id: sets `shows_id` and `shows_job_id`, for what stands beside its errors.
void read_shown_id(const boost::json::value& answer, ApiReply& reply);

}  // namespace reeld
