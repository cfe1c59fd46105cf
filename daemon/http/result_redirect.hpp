#pragma once
// A redirect in answer to a POST that may tell where the job is that the POST has created.
//
// Threads: pure. Source: RFC 9110 15.4.2 (301), 15.4.3 (302), after both of which clients ask with
// GET, 15.4.4 (303).

#include <string_view>

#include "http/http_message.hpp"

namespace reeld {

/// Whether the reply to a POST to `target` ("/v1/videos") leads to something that lies beneath a folder of
/// the target's last name ("/videos/video_1"), on whatever host: of a 303 to anything there, or to that
/// folder with a query; of a 301 or 302, which web servers and login pages use too, to what may be an id: it
/// has a digit in it. 307 and 308 ask for the same request elsewhere: nothing was created.
bool leads_to_result(const Reply& reply, std::string_view target);

}  // namespace reeld
