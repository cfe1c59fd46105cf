#include "codec/terminal_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/utf8.hpp"

namespace reeld {
namespace {

/// Of a character of two or three bytes that begins there; 0 for any other.
unsigned read_short_character(std::string_view text) {
  const auto byte = [&](std::size_t at) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[at]));
  };
  if (text.size() >= 2 && (byte(0) & 0xE0U) == 0xC0U) return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
  if (text.size() < 3 || (byte(0) & 0xF0U) != 0xE0U) return 0;
  return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t') || c == 0x7f;
}

bool is_steering(unsigned character) {
  return (0x80 <= character && character <= 0x9F) || character == 0x061C || character == 0x200E ||
         character == 0x200F || (0x202A <= character && character <= 0x202E) ||
         (0x2066 <= character && character <= 0x2069);
}

std::string write_escape(const char* format, unsigned character) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), format, character);
  return text.data();
}

std::string escape_control(char c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  return write_escape("\\x%02x", static_cast<unsigned char>(c));
}

}  // namespace

std::string escape_steering(std::string_view text) {
  // Nearly every line that is logged is of this kind.
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) < 0x80 && !is_control(c); };
  if (std::ranges::all_of(text, is_plain)) return std::string(text);
  const std::string valid = to_valid_utf8(text);
  std::string out;
  out.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const bool is_ascii = static_cast<unsigned char>(valid[at]) < 0x80;
    const unsigned character = is_ascii ? static_cast<unsigned char>(valid[at])
                                        : read_short_character(std::string_view(valid).substr(at));
    if (is_ascii ? is_control(valid[at]) : is_steering(character)) {
      out += write_escape("\\u%04x", character);
      at += character < 0x80 ? 1 : character < 0x800 ? 2 : 3;
    } else {
      out += valid[at++];
    }
  }
  return out;
}

std::string make_printable(std::string_view text, std::size_t longest) {
  std::string line;
  for (const char c : text.substr(0, longest)) {
    const bool is_any_control = static_cast<unsigned char>(c) < ' ' || c == 0x7f;
    line += is_any_control ? escape_control(c) : std::string(1, c);
  }
  line = escape_steering(line);
  return text.size() > longest ? line + "..." : line;
}

std::string pad_left(const std::string& text, std::size_t width) {
  return text.size() < width ? std::string(width - text.size(), ' ') + text : " " + text;
}

}  // namespace reeld
