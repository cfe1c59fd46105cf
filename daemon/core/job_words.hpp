#pragma once
// The words of the known dialects for how far a job is, in lower case. Those of a failure are core/verdict's.

#include <array>
#include <string_view>

namespace reeld {

inline constexpr std::array<std::string_view, 8> queued_words{
    "queued", "queueing", "pending", "submitted", "not_start", "created", "preparing", "waiting"};
inline constexpr std::array<std::string_view, 4> running_words{"in_progress", "processing", "running",
                                                               "generating"};
inline constexpr std::array<std::string_view, 6> completed_words{"completed", "complete", "succeeded",
                                                                 "success",   "finished", "done"};

}  // namespace reeld
