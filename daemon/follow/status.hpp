#pragma once
// What a job's status word means, in the words that APIs are known to use, and its progress.
//
// Threads: pure.

#include <cstdint>
#include <optional>
#include <string_view>

namespace reeld {

enum class FollowStatus { queued, running, completed, failed, expired };

std::string_view word_of(FollowStatus status);

struct ReadStatus {
  FollowStatus status = FollowStatus::running;
  bool is_known = false;  // a word that nobody knows means "still running", and is said once
};

/// In any case of its letters, with blanks around it.
ReadStatus read_follow_status(std::string_view word);

/// Percent, from the digits of a number or "33%": 0 to 100, what lies beyond held to these two. nullopt: it
/// is neither.
std::optional<std::uint8_t> read_progress(std::string_view text);

}  // namespace reeld
