#include "follow/status.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "core/ascii.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

using Status = FollowStatus;

struct StatusWord {
  std::string_view text;
  FollowStatus status;
};

/// Those of a failure are core/verdict's.
constexpr auto status_words = std::to_array<StatusWord>({
    {"queued", Status::queued},       {"queueing", Status::queued},    {"pending", Status::queued},
    {"submitted", Status::queued},    {"not_start", Status::queued},   {"created", Status::queued},
    {"preparing", Status::queued},    {"waiting", Status::queued},     {"in_progress", Status::running},
    {"processing", Status::running},  {"running", Status::running},    {"generating", Status::running},
    {"completed", Status::completed}, {"complete", Status::completed}, {"succeeded", Status::completed},
    {"success", Status::completed},   {"finished", Status::completed}, {"done", Status::completed},
    {"expired", Status::expired},
});

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
  const auto found = std::ranges::find(status_words, std::string_view(lower), &StatusWord::text);
  return found == status_words.end() ? ReadStatus{} : ReadStatus{found->status, true};
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
