#pragma once
// Which answers say the same: their status and their message, less what differs from one request to the next
// (numbers of requests, times, traces).
//
// Threads: pure.

#include <string>

#include "core/api_reply.hpp"

namespace reeld {

/// Equal for answers that say the same; never "". Of an answer without an API error the status alone counts,
/// because a page holds what it likes.
std::string likeness_of(const ApiReply& reply);

}  // namespace reeld
