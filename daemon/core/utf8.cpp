#include "core/utf8.hpp"

#include <algorithm>

namespace reeld {
namespace {

/// What may follow a lead byte (Unicode, table 3-7): how many bytes, and the range of the first of them. The
/// others are 80..BF. A `length` of 0 is no lead byte.
struct Lead {
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

Lead read_lead(unsigned char byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xC2) return {0};
  if (byte < 0xE0) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0};
}

/// The length of the character at `at`, or 0 where there is none.
std::size_t measure_character(std::string_view text, std::size_t at) {
  const Lead lead = read_lead(static_cast<unsigned char>(text[at]));
  if (lead.length <= 1) return lead.length;
  if (text.size() - at < lead.length) return 0;
  const auto second = static_cast<unsigned char>(text[at + 1]);
  if (second < lead.low || second > lead.high) return 0;
  for (std::size_t i = 2; i < lead.length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if (next < 0x80 || next > 0xBF) return 0;
  }
  return lead.length;
}

}  // namespace

std::optional<std::size_t> count_characters(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    const std::size_t length = measure_character(text, at);
    if (length == 0) return std::nullopt;
    at += length;
  }
  return count;
}

std::size_t find_character(std::string_view text, std::size_t number) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_one = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
    if (begins_one && number-- == 0) return i;
  }
  return text.size();
}

std::string_view cut_text(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  return text.substr(0, most);
}

std::size_t find_invalid_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = measure_character(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

bool is_cut_character(std::string_view text) {
  if (text.empty()) return false;
  const Lead lead = read_lead(static_cast<unsigned char>(text.front()));
  if (lead.length <= text.size()) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if (next < (i == 1 ? lead.low : 0x80) || next > (i == 1 ? lead.high : 0xBF)) return false;
  }
  return true;
}

Utf8Tally tally_utf8(std::string_view text) {
  Utf8Tally tally;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = measure_character(text, at);
    if (length == 0) ++tally.invalid_bytes;
    if (length == 2) ++tally.short_characters;
    if (length > 2) ++tally.long_characters;
    at += std::max<std::size_t>(length, 1);
  }
  return tally;
}

char32_t take_character(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = std::min(read_lead(lead).length, text.size());
  // What a lead byte of 2, 3 or 4 bytes holds of the character: its lowest 5, 4 or 3 bits.
  char32_t character = length <= 1 ? lead : lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return character;
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = measure_character(text, at);
    if (length == 0) {
      valid += "\xEF\xBF\xBD";  // U+FFFD
      ++at;
    } else {
      valid += text.substr(at, length);
      at += length;
    }
  }
  return valid;
}

}  // namespace reeld
