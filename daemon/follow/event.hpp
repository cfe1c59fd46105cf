#pragma once
// What happens to a followed job (follow/job).
//
// Threads: plain values.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "follow/rules.hpp"
#include "follow/status.hpp"

namespace reeld {

/// How many links an answer has for each variant, besides `/content`.
using FollowLinks = std::array<std::uint8_t, follow_variants.size()>;

struct FollowEvent {
  enum class Kind : std::uint8_t {
    poll_turn,      // the scheduler lets the poll go
    running,        // the answer says so, or queued, or a word that nobody knows
    completed,      // the answer says so
    failed,         // the answer says so
    expired,        // the answer says so
    missing,        // 404, or `task_not_exist`
    unanswered,     // a server's error, or an answer that cannot be read
    postponed,      // the poll or download was not the job's fault: throttled, account, no connection, stop
    download_turn,  // the scheduler lets the download go
    whole,          // as many bytes have arrived as were announced
    cut,            // the connection ended early, or a server's error
    gone,           // this source does not have the file
    too_large,      // over `max_video`
    placed,         // in its place, and the folder is synced
    unusable,       // what has arrived is not what was asked for
    unplaced,       // the folder is gone, or cannot be written
    taken_up,       // `reeld follow PATH`
  };
  Kind kind = Kind::running;
  // Of an answer:
  FollowStatus status = FollowStatus::running;  // running: queued, or running
  bool is_word_known = true;
  bool is_newer = false;  // it differs from the latest STEM.job.json
  std::optional<std::uint8_t> progress{};
  FollowLinks links{};
  /// What the server asks for: openai-poll-after-ms or Retry-After, capped by whoever has read it.
  std::optional<milliseconds> wait{};
  bool has_grown = false;  // cut: some bytes came
};

inline constexpr std::array follow_events{
    FollowEvent::Kind::poll_turn,  FollowEvent::Kind::running,   FollowEvent::Kind::completed,
    FollowEvent::Kind::failed,     FollowEvent::Kind::expired,   FollowEvent::Kind::missing,
    FollowEvent::Kind::unanswered, FollowEvent::Kind::postponed, FollowEvent::Kind::download_turn,
    FollowEvent::Kind::whole,      FollowEvent::Kind::cut,       FollowEvent::Kind::gone,
    FollowEvent::Kind::too_large,  FollowEvent::Kind::placed,    FollowEvent::Kind::unusable,
    FollowEvent::Kind::unplaced,   FollowEvent::Kind::taken_up};

std::string_view word_of(FollowEvent::Kind kind);

}  // namespace reeld
