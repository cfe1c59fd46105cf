#pragma once
// The words of the known dialects for how far a job is, in lower case. Those of a failure are core/verdict's.

#include <algorithm>
#include <array>
#include <string_view>

namespace reeld {

inline constexpr std::array<std::string_view, 13> queued_words{
    "queued",  "queueing", "pending",  "submitted", "not_start", "created",     "preparing",
    "waiting", "in_queue", "enqueued", "accepted",  "scheduled", "initializing"};
inline constexpr std::array<std::string_view, 6> running_words{"in_progress", "processing", "running",
                                                               "generating",  "starting",   "rendering"};
inline constexpr std::array<std::string_view, 6> completed_words{"completed", "complete", "succeeded",
                                                                 "success",   "finished", "done"};

/// Of a job that lives, or is complete.
inline bool is_word_of_life(std::string_view status_word) {
  return std::ranges::find(queued_words, status_word) != queued_words.end() ||
         std::ranges::find(running_words, status_word) != running_words.end() ||
         std::ranges::find(completed_words, status_word) != completed_words.end();
}

}  // namespace reeld
