#include "runtime/progress_bar.hpp"

#include <unistd.h>

#include <cstdio>

#include "runtime/dispatcher.hpp"

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

ProgressBar::ProgressBar() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

void ProgressBar::show(const DispatchCounts& counts) {
  if (!is_terminal_) return;
  // The log may share the terminal: its lines end with a newline, so the bar is always on a line of its own.
  std::fprintf(stderr, "\r\033[K%s\r", format_progress(counts).c_str());
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
