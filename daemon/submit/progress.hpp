#pragma once
// Whether things move: what `drain` and the status ask for.
//
// Threads: the loop's.

#include <string>

#include "core/clock.hpp"

namespace reeld {

class Progress {
 public:
  explicit Progress(SteadyTime start) : last_end_(start) {}

  /// An attempt that settles its job.
  void note_end(SteadyTime now) {
    last_end_ = now;
    setback_.clear();
  }
  /// One that is tried again, and why.
  void note_setback(const std::string& reason) { setback_ = reason; }
  void note_scan() { has_scanned_ = true; }

  SteadyTime last_end() const { return last_end_; }
  /// What the latest attempt ended with that is tried again; "" since one did not.
  const std::string& setback() const { return setback_; }
  bool has_scanned() const { return has_scanned_; }

 private:
  SteadyTime last_end_;
  std::string setback_;
  bool has_scanned_ = false;
};

}  // namespace reeld
