#include "service/progress_bar.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>

#include "core/utf8.hpp"
#include "submit/dispatcher.hpp"

namespace reeld {

std::string format_progress(const DispatchCounts& counts) {
  constexpr std::size_t width = 20;
  const std::size_t done = counts.accepted + counts.refused + counts.doubt;
  const std::size_t all = done + counts.waiting + counts.in_flight;
  const std::size_t filled = all == 0 ? 0 : done * width / all;
  return "[" + std::string(filled, '#') + std::string(width - filled, '-') + "]  " + std::to_string(done) +
         " of " + std::to_string(all) + ": " + std::to_string(counts.accepted) + " accepted, " +
         std::to_string(counts.refused) + " refused, " + std::to_string(counts.doubt) + " in doubt, " +
         std::to_string(counts.in_flight) + " in flight";
}

namespace {

/// Codes that move the cursor or turn the writing round: C0, DEL, C1, and Unicode's bidi controls.
bool is_harmful(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c || code == 0x200e || code == 0x200f ||
         (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/// Of valid UTF-8: the length of the code point that begins there.
std::size_t length_at(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

std::uint32_t decode(std::string_view point) {
  const auto lead = static_cast<unsigned char>(point.front());
  constexpr std::array<std::uint32_t, 5> masks{0, 0x7f, 0x1f, 0x0f, 0x07};
  std::uint32_t code = lead & masks[point.size()];
  for (const char c : point.substr(1)) code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

}  // namespace

std::string fit_line(std::string_view text, std::size_t columns) {
  constexpr std::uint32_t first_wide =
      0x1100;  // Hangul; what comes after it and is narrow is given room, too
  const std::string valid = to_valid_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < valid.size();) {
    const std::string_view point = std::string_view(valid).substr(at, length_at(valid, at));
    const std::uint32_t code = decode(point);
    const std::size_t width = code < first_wide ? 1 : 2;
    if (width > columns) break;
    columns -= width;
    out += is_harmful(code) ? "?" : point;
    at += point.size();
  }
  return out;
}

ProgressBar::ProgressBar() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

namespace {

/// Of standard error's terminal, less the last one, in which the cursor stands.
std::size_t count_columns() {
  winsize size{};
  constexpr std::size_t usual = 80;
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  return (is_known ? size.ws_col : usual) - 1;
}

}  // namespace

void ProgressBar::show(const DispatchCounts& counts, const std::string& wait) {
  if (!is_terminal_) return;
  std::string text = format_progress(counts);
  if (!wait.empty()) text += "; waits: " + wait;
  const std::string line = fit_line(text, count_columns());
  // The log may share the terminal: its lines end with a newline, so the bar is always on a line of its own.
  std::fprintf(stderr, "\r\033[K%s\r", line.c_str());
  std::fflush(stderr);
  is_shown_ = true;
}

void ProgressBar::finish() {
  if (!is_shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  is_shown_ = false;
}

}  // namespace reeld
