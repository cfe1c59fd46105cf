#pragma once
// A job that an answer tells of elsewhere than where a job's id belongs. An inside header of codec.
//
// Threads: pure.

#include <string>

#include "core/api_reply.hpp"

namespace boost::json {
class object;
class value;
}  // namespace boost::json

namespace reeld {

/// The digits of a whole number over 0, as the body has them; "" of anything else.
std::string read_whole_number(const boost::json::value& value);

/// Whether a job that a refusal or a server's fault names may be this request's, and none stands in its place
/// yet. What is about key, path or rate (401 to 405, 407, 425, 429) often names another: the one that runs.
bool may_name_job(const ApiReply& reply);

/// Sets `id` and `status_word` where an id stands beside the word of a job that lives or has failed: under a
/// name that only a job's id has ("task_id"), or in an object that is called as a job is ("task", "existing",
/// "data"). `is_mended`: U+FFFD stands for what could not be read.
void read_named_job(const boost::json::value& answer, bool is_mended, ApiReply& reply);

/// Of a success without an id that can be taken: sets `shows_id`, for one that stands beside its errors;
/// `shows_job_id`, for one in an object that is called as a job is, under a job's own name, or beside the
/// word of a live job; and `shows_live_job` for the last.
void read_shown_id(const boost::json::value& answer, bool is_mended, ApiReply& reply);

}  // namespace reeld
