#pragma once
// A redirect in answer to a POST that may tell where the job is that the POST has created.
//
// Threads: pure. Source: RFC 9110 15.4.3 (302, after which clients ask with GET), 15.4.4 (303).

#include <string_view>

#include "http/http_message.hpp"

namespace reeld {

/// Whether the reply to a POST to `target` ("/v1/videos") is a 302 or 303 to something beneath it, or a 303
/// to the same path with a query, on whatever host and beneath whatever path: only the target's last two
/// parts count. Other redirects ask for the same request elsewhere, or lead to a login page: nothing was
/// created.
bool leads_to_result(const Reply& reply, std::string_view target);

}  // namespace reeld
