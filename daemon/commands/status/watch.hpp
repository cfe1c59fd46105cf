#pragma once
// `reeld status --watch`: the same again and again, in place.
//
// Nothing of the terminal is changed but what it shows, so that it is left sane however this ends.
// Source: ECMA-48, 8.3.39 (ED), 8.3.41 (EL), 8.3.21 (CUP).

#include <functional>
#include <iosfwd>
#include <string>

#include "core/clock.hpp"

namespace reeld {

struct ScreenSize {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// `text`, written over what the screen shows: lines are cut at its width, and what does not fit on it is
/// left out, which its last line says.
std::string make_frame(const std::string& text, ScreenSize screen);

/// The terminal on standard output.
ScreenSize read_screen_size();

/// Writes what `render` returns to `out`, at once and then every `interval`, until SIGINT or SIGTERM (which
/// end nothing else meanwhile), or until it cannot be written. Threads: for a process with one.
void watch(milliseconds interval, std::ostream& out, const std::function<std::string()>& render);

}  // namespace reeld
