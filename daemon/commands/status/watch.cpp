#include "commands/status/watch.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <ostream>
#include <sstream>
#include <vector>

#include "core/utf8.hpp"

namespace reeld {
namespace {

constexpr const char* home = "\x1b[H";
constexpr const char* erase_line_end = "\x1b[K";
constexpr const char* erase_below = "\x1b[J";

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
  return lines;
}

/// The text is UTF-8, and a character is taken for a column.
std::string cut(const std::string& line, std::size_t columns) {
  return line.substr(0, find_character(line, columns));
}

/// Whether it was the end that was waited for, and not the time.
bool wait_for_end(const sigset_t& ends, milliseconds interval) {
  const auto until = std::chrono::steady_clock::now() + interval;
  for (;;) {
    const auto left = std::max(std::chrono::nanoseconds(0),
                               std::chrono::nanoseconds(until - std::chrono::steady_clock::now()));
    const timespec time{static_cast<std::time_t>(left.count() / 1'000'000'000),
                        static_cast<long>(left.count() % 1'000'000'000)};
    if (::sigtimedwait(&ends, nullptr, &time) >= 0) return true;
    if (errno == EAGAIN) return false;
  }
}

}  // namespace

std::string make_frame(const std::string& text, ScreenSize screen) {
  const std::vector<std::string> lines = split(text);
  // The last row stays empty: a newline there would scroll.
  const std::size_t room = std::max<std::size_t>(screen.rows, 3) - 1;
  const std::size_t shown = lines.size() <= room ? lines.size() : room - 1;
  std::string out = home;
  for (std::size_t i = 0; i < shown; ++i) out += cut(lines[i], screen.columns) + erase_line_end + "\n";
  if (shown < lines.size())
    out += cut("(" + std::to_string(lines.size() - shown) + " more lines)", screen.columns) + erase_line_end +
           "\n";
  return out + erase_below;
}

ScreenSize read_screen_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return {};
  return {size.ws_row, size.ws_col};
}

void watch(milliseconds interval, std::ostream& out, const std::function<std::string()>& render) {
  sigset_t ends;
  sigset_t before;
  ::sigemptyset(&ends);
  ::sigaddset(&ends, SIGINT);
  ::sigaddset(&ends, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &ends, &before);
  do {
    out << render() << std::flush;
  } while (out && !wait_for_end(ends, interval));
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace reeld
