#pragma once
// The words for what has become of a pair: what `reeld list` shows, and --state takes.

#include <array>
#include <string_view>

namespace reeld::pair_state {

inline constexpr std::string_view waiting = "waiting";
inline constexpr std::string_view sending = "sending";
inline constexpr std::string_view accepted = "accepted";
inline constexpr std::string_view refused = "refused";
inline constexpr std::string_view doubt = "doubt";
inline constexpr std::array all{waiting, sending, accepted, refused, doubt};

}  // namespace reeld::pair_state
