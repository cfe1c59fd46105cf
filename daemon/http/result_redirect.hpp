#pragma once
// A redirect in answer to a POST that may tell where the job is that the POST has created.
//
// Threads: pure. Source: RFC 9110 15.4.2 (301), 15.4.3 (302), after both of which clients ask with
// GET, 15.4.4 (303).

#include <string_view>

#include "http/http_message.hpp"

namespace reeld {

/// Whether the reply to a POST to `target` ("/v1/videos") leads to something that lies beneath the target's
/// last two names ("/v1/videos/abc"), on whatever host, or beneath its last name ("/videos/video_1"); there a
/// 301 or 302, which web servers use too, only to what has a digit in it. Or, of a 303, to the last name with
/// a query. Of a 301 or 302 not to a login page or the like. 307 and 308 ask for the same request elsewhere.
bool leads_to_result(const Reply& reply, std::string_view target);

}  // namespace reeld
