#include "follow/status.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/ascii.hpp"
#include "core/job_words.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

using Status = FollowStatus;

template <std::size_t size>
bool is_among(std::string_view word, const std::array<std::string_view, size>& words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::string_view word_of(FollowStatus status) {
  switch (status) {
    case Status::queued:
      return "queued";
    case Status::running:
      return "running";
    case Status::completed:
      return "completed";
    case Status::failed:
      return "failed";
    case Status::expired:
      break;
  }
  return "expired";
}

ReadStatus read_follow_status(std::string_view word) {
  const std::string lower = to_lower(trim_blanks(word));
  if (is_failure_word(lower)) return {Status::failed, true};
  if (is_among(lower, queued_words)) return {Status::queued, true};
  if (is_among(lower, running_words)) return {Status::running, true};
  if (is_among(lower, completed_words)) return {Status::completed, true};
  if (lower == "expired") return {Status::expired, true};
  return {};
}

std::optional<std::uint8_t> read_progress(std::string_view text) {
  text = trim_blanks(text);
  if (text.ends_with('%')) text = trim_blanks(text.substr(0, text.size() - 1));
  double percent = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, percent);
  const bool is_number = error == std::errc() && stop == end && percent == percent;
  if (!is_number) return std::nullopt;
  return static_cast<std::uint8_t>(std::clamp(percent, 0.0, 100.0));
}

}  // namespace reeld
