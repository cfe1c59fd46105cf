#include "follow/name.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/ascii.hpp"
#include "core/spool_name.hpp"

namespace reeld {
namespace {

constexpr std::size_t most_name_bytes = 255;
constexpr std::string_view partial_ending = ".reeld-part";
constexpr std::string_view take_word = ".take";
constexpr std::string_view longest_ending = ".take9999.spritesheet.webp";

constexpr std::array<std::string_view, 2> video_endings{"mp4", "webm"};
constexpr std::array<std::string_view, 3> picture_endings{"png", "jpg", "webp"};

bool is_one_of(std::string_view word, const auto& words) {
  return std::ranges::find(words, word) != words.end();
}

/// Cuts ".WORD" off the end of `text`; "" where there is no dot behind a first character.
std::string_view cut_last_part(std::string_view& text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view part = text.substr(dot + 1);
  text = text.substr(0, dot);
  return part;
}

/// Cuts ".take7" off the end of `stem`; 0: there is none.
std::uint32_t cut_take(std::string_view& stem) {
  const auto at = stem.rfind(take_word);
  if (at == std::string_view::npos || at == 0) return 0;
  const std::string_view digits = stem.substr(at + take_word.size());
  if (digits.empty() || !is_digit(digits.front()) || digits.front() == '0') return 0;
  std::uint32_t take = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, take);
  if (error != std::errc() || stop != end) return 0;
  stem = stem.substr(0, at);
  return take;
}

}  // namespace

std::string video_name(std::string_view stem, FollowVariant variant, std::string_view ending) {
  std::string name(stem);
  if (variant != FollowVariant::video) name.append(".").append(word_of(variant));
  return name.append(".").append(ending);
}

std::string partial_name(std::string_view stem, FollowVariant variant, std::int64_t job) {
  std::string behind(".");
  behind.append(word_of(variant)).append(".job").append(std::to_string(job)).append(partial_ending);
  return "." + std::string(stem.substr(0, most_name_bytes - 1 - behind.size())) + behind;
}

bool is_partial_name(std::string_view file_name) {
  return is_hidden_name(file_name) && file_name.ends_with(partial_ending);
}

std::string take_name(std::string_view stem, std::string_view name, std::uint32_t take) {
  std::string out(stem);
  out.append(take_word).append(std::to_string(take));
  return out.append(name.substr(stem.size()));
}

std::optional<FollowName> read_follow_name(std::string_view file_name) {
  if (is_hidden_name(file_name)) return std::nullopt;
  FollowName name{file_name, FollowVariant::video, {}};
  name.ending = cut_last_part(name.stem);
  std::string_view before = name.stem;
  const std::string_view word = cut_last_part(before);
  if (is_one_of(name.ending, picture_endings) && word == word_of(FollowVariant::thumbnail)) {
    name.variant = FollowVariant::thumbnail;
    name.stem = before;
  } else if (is_one_of(name.ending, picture_endings) && word == word_of(FollowVariant::spritesheet)) {
    name.variant = FollowVariant::spritesheet;
    name.stem = before;
  } else if (!is_one_of(name.ending, video_endings)) {
    return std::nullopt;
  }
  name.take = cut_take(name.stem);
  return name;
}

bool is_follow_result(std::string_view file_name) {
  if (read_follow_name(file_name)) return true;
  SpoolName name = classify_name(file_name);
  return is_result(name.kind) && cut_take(name.stem) != 0;
}

bool is_follow_nameable(std::string_view stem) {
  return stem.size() + longest_ending.size() <= most_name_bytes;
}

}  // namespace reeld
