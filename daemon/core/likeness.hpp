#pragma once
// Which answers say the same: their status and their message, less what differs from one request to the next
// (numbers of requests, times, traces) and from one pair to the next (an echo of its fields).
//
// Threads: pure.

#include <span>
#include <string>
#include <string_view>

#include "core/api_reply.hpp"

namespace reeld {

/// Equal for answers that say the same; never "". Of an answer without an API error the status alone counts,
/// because a page holds what it likes. `values`: the texts of the fields that were sent; as whole words they
/// count as numbers do, from 4 bytes on.
std::string likeness_of(const ApiReply& reply, std::span<const std::string_view> values);

}  // namespace reeld
