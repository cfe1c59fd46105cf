#include "core/echo.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

constexpr std::string_view mark = "[prompt]";

// Shorter ones would take ordinary words out of the message.
constexpr std::size_t min_prompt = 4;         // bytes: two characters of Chinese are a prompt
constexpr std::size_t min_line = 8;           // characters
constexpr std::size_t min_start = 40;         // characters
constexpr std::size_t max_text = 16384;       // bytes of the message, and with a prompt of many lines
constexpr std::size_t min_text = 1024;        // less than that, but never less than these;
constexpr std::size_t max_looks = 1U << 20U;  // pieces times bytes: 0.1 s where all lines begin alike

/// How many bytes of white space begin there: ASCII's, a no-break space or an ideographic one; 0 for none.
std::size_t measure_space(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) return 1;
  if (text.starts_with("\u00a0")) return 2;
  return text.starts_with("\u3000") ? 3 : 0;
}

bool skip_space(std::string_view& text) {
  const std::size_t before = text.size();
  while (const std::size_t length = measure_space(text)) text.remove_prefix(length);
  return text.size() < before;
}

bool is_character_start(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, is_character_start));
}

std::string squeeze(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (skip_space(text)) continue;
    const char c = text.front();
    out += to_lower(c);
    text.remove_prefix(1);
  }
  return out;
}

std::string_view trim(std::string_view text) {
  skip_space(text);
  while (!text.empty()) {
    std::size_t last = text.size() - 1;
    while (last > 0 && !is_character_start(text[last])) --last;
    if (measure_space(text.substr(last)) == 0) break;
    text.remove_suffix(text.size() - last);
  }
  return text;
}

/// A piece of the prompt, and how much of it is enough to know it by.
struct Piece {
  std::string_view text;
  std::size_t least;  // characters
};

Piece make_piece(std::string_view text) {
  return {text, std::min(count_characters(text), min_start)};
}

/// The prompt as a whole and its lines, the longest first, so that none is left with a rest of a longer one.
std::vector<Piece> list_pieces(std::string_view prompt) {
  std::vector<Piece> pieces;
  const std::string_view whole = trim(prompt);
  if (whole.size() >= min_prompt) pieces.push_back(make_piece(whole));
  for (std::string_view rest = whole; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    const Piece line = make_piece(trim(rest.substr(0, end)));
    if (line.least >= min_line && line.text.size() < whole.size()) pieces.push_back(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::ranges::stable_sort(pieces, std::ranges::greater(),
                           [](const Piece& piece) { return piece.text.size(); });
  return pieces;
}

/// How many bytes at the beginning of `text` are that piece, or enough of its beginning; 0 where it is not
/// there.
std::size_t match(std::string_view text, const Piece& piece) {
  std::string_view rest = text;
  std::string_view wanted = piece.text;
  std::size_t at = 0;  // the end of the last whole character that was equal
  std::size_t characters = 0;
  while (!wanted.empty()) {
    if (skip_space(wanted)) {
      skip_space(rest);
      ++characters;
      continue;
    }
    if (rest.empty() || rest.front() != wanted.front()) break;
    rest.remove_prefix(1);
    wanted.remove_prefix(1);
    if (!wanted.empty() && !is_character_start(wanted.front())) continue;
    at = text.size() - rest.size();
    ++characters;
  }
  return wanted.empty() || characters >= piece.least ? at : 0;
}

// A prompt of a thousand lines is looked for in a long text, so what cannot begin the piece is passed by
// quickly.
std::string take_out(std::string_view text, const Piece& piece) {
  const std::string_view first = piece.text.substr(0, find_character(piece.text, 1));
  std::string out;
  for (std::size_t start = text.find(first); start != std::string_view::npos; start = text.find(first)) {
    out += text.substr(0, start);
    text.remove_prefix(start);
    const std::size_t length = match(text, piece);
    out += length != 0 ? mark : first;
    text.remove_prefix(length != 0 ? length : first.size());
  }
  out += text;
  return out;
}

void cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  text.resize(cut_text(text, most).size());
  text += "...";
}

}  // namespace

bool has_phrase(std::string_view prompt, std::string_view phrase) {
  return squeeze(prompt).find(squeeze(phrase)) != std::string::npos;
}

std::string take_out_echoes(std::string text, std::string_view prompt) {
  if (prompt.empty() || text.empty()) return text;
  cut(text, max_text);
  std::vector<Piece> pieces = list_pieces(prompt);
  if (pieces.empty()) return text;
  // The whole prompt first: what an API says behind it counts.
  text = take_out(text, pieces.front());
  cut(text, std::max(max_looks / pieces.size(), min_text));
  for (const Piece& piece : std::span(pieces).subspan(1)) text = take_out(text, piece);
  return text;
}

}  // namespace reeld
