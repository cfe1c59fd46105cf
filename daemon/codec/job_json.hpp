#pragma once
// The API's answers, in all the dialects that are known, as one view (core/api_reply.hpp).

#include "codec/http_message.hpp"
#include "core/api_reply.hpp"
#include "core/clock.hpp"

namespace reeld {

/// Never throws; a body that is not JSON, not UTF-8 or nested absurdly deep is simply not JSON.
/// `now` turns a Retry-After date into a wait.
ApiReply read_api_reply(const Reply& reply, SystemTime now);

}  // namespace reeld
