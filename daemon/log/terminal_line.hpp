#pragma once
// An event of the log as a line for somebody who watches it at a terminal: the time of day, the event, its
// pair, what it says and why, cut to the width of the screen. Text that would steer the terminal is shown,
// not obeyed.
//
// Pure but for `find_terminal`. Source: ECMA-48, 8.3.117 (SGR); https://no-color.org.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "log/log.hpp"

namespace reeld {

struct Terminal {
  std::size_t columns = 100;
  bool has_colour = false;
};

/// What `fd` leads to; nullopt where it is no terminal. No colour where $NO_COLOR is set, or $TERM is "dumb"
/// or not set.
std::optional<Terminal> find_terminal(int fd);

/// "10:11:12 job.accepted  films/scene1: the API created job video_1", the time being local; without its
/// newline.
std::string format_terminal_line(SystemTime at, LogLevel level, std::string_view event,
                                 std::string_view message, const LogFields& fields, const Terminal& terminal);

}  // namespace reeld
