#pragma once
// The progress of a drain on standard error, where that is a terminal; otherwise silent.

#include <cstddef>
#include <string>

namespace reeld {

struct DispatchCounts;

class ProgressBar {
 public:
  ProgressBar();
  void show(const DispatchCounts& counts);
  /// Leaves the terminal's line clean.
  void finish();

 private:
  bool is_terminal_;
  bool is_shown_ = false;
};

/// "[##########----------]  12 of 24: 11 accepted, 1 refused, 0 in doubt, 4 in flight".
std::string format_progress(const DispatchCounts& counts);

}  // namespace reeld
