#pragma once
// The progress of a drain on standard error, where that is a terminal; otherwise silent.

#include <cstddef>
#include <string>
#include <string_view>

namespace reeld {

struct DispatchCounts;

class ProgressBar {
 public:
  ProgressBar();
  bool is_seen() const { return is_terminal_; }
  /// `wait`: what keeps it from going on; "" where nothing does. What does not fit into a line is left out.
  void show(const DispatchCounts& counts, const std::string& wait);
  /// Leaves the terminal's line clean.
  void finish();

 private:
  bool is_terminal_;
  bool is_shown_ = false;
};

/// "[##########----------]  12 of 24: 11 accepted, 1 refused, 0 in doubt, 4 in flight".
std::string format_progress(const DispatchCounts& counts);

/// As much of it as fits, without anything that a terminal would obey.
std::string fit_line(std::string_view text, std::size_t columns);

}  // namespace reeld
