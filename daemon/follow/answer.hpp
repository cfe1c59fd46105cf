#pragma once
// What an answer to a poll says beyond core/api_reply, once translated (codec/video_json).

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/api_reply.hpp"
#include "core/clock.hpp"
#include "follow/rules.hpp"

namespace reeld {

struct VideoAnswer {
  ApiReply api;                            // status, id, status word, codes and texts of an error, waits
  std::optional<std::uint8_t> progress;    // percent
  std::string failure;                     // why it failed, as the API says; "" : it does not say
  std::optional<SystemTime> expires_at;    // its links, or its video
  std::optional<milliseconds> poll_after;  // openai-poll-after-ms
  /// Where each variant may be had, besides `/content`, the likeliest first: absolute http and https URLs,
  /// and paths, which are the API's own. They may hold signatures, and come from outside.
  std::array<std::vector<std::string>, follow_variants.size()> links;
};

}  // namespace reeld
