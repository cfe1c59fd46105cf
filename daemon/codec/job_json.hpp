#pragma once
// The API's answers, in all the dialects that are known, as one view (core/api_reply.hpp).

#include <functional>
#include <set>
#include <string>

#include "core/api_reply.hpp"
#include "core/clock.hpp"
#include "http/http_message.hpp"

namespace reeld {

/// Ids of jobs that are not this request's: they are read as if they were not there.
using OtherIds = std::set<std::string, std::less<>>;

/// Never throws; a body that is not JSON, not UTF-8 or nested absurdly deep is simply not JSON.
/// `now` turns a Retry-After date into a wait.
ApiReply read_api_reply(const Reply& reply, SystemTime now, const OtherIds& of_others = {});

/// Whether `body` is a JSON object, read as leniently as an answer is.
bool is_json_object(const std::string& body);

/// Whether `body` is as APIs list their jobs: an array, or an object that holds one, or whose `data` does,
/// and that does not say that it failed (`success`, `ok`: false; `errors`).
bool is_job_list(const std::string& body);

}  // namespace reeld
