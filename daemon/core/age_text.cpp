#include "core/age_text.hpp"

namespace reeld {

std::string describe_age(std::int64_t seconds) {
  constexpr std::int64_t minute = 60;
  constexpr std::int64_t hour = 60 * minute;
  constexpr std::int64_t day = 24 * hour;
  if (seconds >= 2 * day) return std::to_string(seconds / day) + " days";
  if (seconds >= hour) return std::to_string(seconds / hour) + " h";
  if (seconds >= minute) return std::to_string(seconds / minute) + " min";
  return std::to_string(seconds) + " s";
}

}  // namespace reeld
