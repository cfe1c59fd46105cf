#pragma once
// Why a followed job has ended without its video.
//
// Threads: pure.

#include <cstdint>
#include <string_view>

namespace reeld {

/// Why it has ended without its video.
enum class FollowEnd : std::uint8_t {
  none,
  said_failed,   // the API's answer says so
  unknown,       // the API does not know it, three times in a row
  said_expired,  // the API's answer says so
  deadline,      // it has not completed in time
  vanished,      // it had completed, and the API has lost it, or lets it fail
  unobtainable,  // no source has its video
  too_large,     // the video is over `max_video`
};

/// For people: what it means, and what to do.
std::string_view reason_of(FollowEnd end);

}  // namespace reeld
