#include "log/terminal_line.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "codec/terminal_text.hpp"
#include "core/utf8.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

constexpr const char* reset = "\x1b[0m";
constexpr std::size_t event_width = 18;  // of most; a longer one pushes its own line
constexpr std::size_t min_columns = 40;

std::string_view colour_of(LogLevel level, std::string_view event) {
  switch (level) {
    case LogLevel::error:
      return "\x1b[1;31m";
    case LogLevel::warning:
      return "\x1b[33m";
    case LogLevel::debug:
      return "\x1b[2m";
    case LogLevel::info:
      break;
  }
  return event == event::job_accepted ? "\x1b[32m" : "";
}

std::string local_time(SystemTime at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(at);
  std::tm fields{};
  ::localtime_r(&seconds, &fields);
  char text[16];
  return {text, std::strftime(text, sizeof text, "%H:%M:%S", &fields)};
}

/// What the message does not say itself: the pair before it; and the reason, which comes first where
/// something is wrong, for it must not be what is cut off.
std::string tell(LogLevel level, std::string_view message, const LogFields& fields) {
  const auto find_unsaid = [&](std::string_view name) {
    const std::string* const text = find_text(fields, name);
    const bool is_unsaid = text != nullptr && message.find(*text) == std::string_view::npos;
    return is_unsaid ? *text : std::string();
  };
  const bool is_wrong = level == LogLevel::warning || level == LogLevel::error;
  const std::string job = find_unsaid("job");
  const std::string reason = find_unsaid("reason");
  std::string out = job.empty() ? "" : job + ": ";
  if (is_wrong && !reason.empty()) out += reason + "; ";
  out += message;
  if (!is_wrong && !reason.empty()) out += ": " + reason;
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < ' '; }, ' ');
  return escape_steering(out);
}

/// A character is taken for a column.
std::string cut(const std::string& text, std::size_t columns) {
  if (find_character(text, columns) == text.size()) return text;
  return text.substr(0, find_character(text, columns - 1)) + "…";
}

}  // namespace

std::optional<Terminal> find_terminal(int fd) {
  if (::isatty(fd) != 1) return std::nullopt;
  Terminal out;
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col != 0)
    out.columns = std::max<std::size_t>(size.ws_col, min_columns);
  const char* const none = std::getenv("NO_COLOR");
  const char* const kind = std::getenv("TERM");
  out.has_colour = (none == nullptr || *none == '\0') && kind != nullptr && std::string_view(kind) != "dumb";
  return out;
}

std::string format_terminal_line(SystemTime at, LogLevel level, std::string_view event,
                                 std::string_view message, const LogFields& fields,
                                 const Terminal& terminal) {
  std::string name(event);
  name.resize(std::max(name.size(), event_width), ' ');
  const std::string line =
      cut(local_time(at) + " " + name + " " + tell(level, message, fields), terminal.columns);
  const std::string_view colour = colour_of(level, event);
  if (!terminal.has_colour || colour.empty()) return line;
  return std::string(colour) + line + reset;
}

}  // namespace reeld
