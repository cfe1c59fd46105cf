#pragma once
// The API's answers about a job that it has accepted, in all the dialects that are known, as one view
// (follow/answer.hpp).
//
// Threads: pure.

#include "core/clock.hpp"
#include "follow/answer.hpp"
#include "http/http_message.hpp"

namespace reeld {

/// Read as leniently as the first answer (codec/job_json). Never throws. `now` turns dates into waits.
VideoAnswer read_video_answer(const Reply& reply, SystemTime now);

}  // namespace reeld
