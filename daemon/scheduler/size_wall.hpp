#pragma once
// Of a wall that stands for what is too large (scheduler/wall): which images are not, as far as is known, and
// whether one of those, or another that may tell more, has come to wait while the lane is paused for it.
//
// Pure. Threads: none of its own.

#include <algorithm>
#include <cstdint>
#include <utility>

namespace reeld {

class SizeWall {
 public:
  void note_accepted(std::uint64_t size) { largest_accepted_ = std::max(largest_accepted_, size); }
  /// Since a reload nothing is known.
  void reset() { largest_accepted_ = 0; }
  /// No larger than one that was accepted.
  bool is_taken(std::uint64_t size) const { return size <= largest_accepted_; }

  /// The latest wall: what was sent is too large, as all are.
  void set_paused_for_size(bool is_paused) { is_paused_for_size_ = is_paused; }
  bool is_paused_for_size() const { return is_paused_for_size_; }
  /// One waits that may be answered otherwise than those that have met the wall.
  void note_other() { has_other_ = true; }
  bool has_other() const { return has_other_; }
  void forget_other() { has_other_ = false; }

 private:
  std::uint64_t largest_accepted_ = 0;
  bool is_paused_for_size_ = false;
  bool has_other_ = false;
};

}  // namespace reeld
