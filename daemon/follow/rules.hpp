#pragma once
// What is to be downloaded of a followed job, and how it is paced: the settings of `[follow]`, as the
// decisions need them.

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "core/clock.hpp"

namespace reeld {

enum class FollowVariant : std::uint8_t { video, thumbnail, spritesheet };

inline constexpr std::array follow_variants{FollowVariant::video, FollowVariant::thumbnail,
                                            FollowVariant::spritesheet};

/// As the API's `variant=` and the setting `variants` write it.
constexpr std::string_view word_of(FollowVariant variant) {
  constexpr std::array<std::string_view, 3> words{"video", "thumbnail", "spritesheet"};
  return words[static_cast<std::size_t>(variant)];
}

/// A set of variants.
class FollowVariants {
 public:
  constexpr FollowVariants() = default;
  constexpr FollowVariants(std::initializer_list<FollowVariant> variants) {
    for (const FollowVariant variant : variants) add(variant);
  }
  constexpr void add(FollowVariant variant) { bits_ |= bit(variant); }
  constexpr void remove(FollowVariant variant) { bits_ &= static_cast<std::uint8_t>(~bit(variant)); }
  constexpr bool has(FollowVariant variant) const { return (bits_ & bit(variant)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  /// The next to be downloaded: the video comes first, and stands for none.
  constexpr FollowVariant first() const {
    if (empty() || has(FollowVariant::video)) return FollowVariant::video;
    return has(FollowVariant::thumbnail) ? FollowVariant::thumbnail : FollowVariant::spritesheet;
  }
  constexpr bool operator==(const FollowVariants&) const = default;

 private:
  static constexpr std::uint8_t bit(FollowVariant variant) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(variant));
  }
  std::uint8_t bits_ = 0;
};

struct FollowRules {
  std::uint32_t concurrency = 4;  // of polls; and, apart from them, of downloads
  milliseconds poll{15'000};
  milliseconds deadline = std::chrono::hours(2);
  FollowVariants variants{FollowVariant::video};  // empty: nothing is downloaded
  milliseconds backoff_least{1'000};
  milliseconds backoff_most{300'000};   // also the most that a Retry-After can ask for
  milliseconds account_retry{300'000};  // after a poll that was refused for its key or credit
};

}  // namespace reeld
