#pragma once
// How far the uploads of each job have ever come. Only one that gets further is progress: an upload that ends
// unsent at the same place again and again is not. Nor is the beginning of one pair's upload after the other,
// once several in a row were cut: then only one that gets further than they all did.
//
// Lifetime: within the dispatcher. Threads: the loop's.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "core/clock.hpp"
#include "core/job_name.hpp"

namespace reeld {

class UploadMarks {
 public:
  void note(const JobName& job, std::uint64_t bytes, SteadyTime now) {
    std::uint64_t& mark = furthest_[job];
    has_moved_ = true;
    if (bytes <= mark) return;
    mark = bytes;
    if (cut_in_a_row_ < max_cut_in_a_row || bytes > furthest_of_all_) last_moved_ = now;
    furthest_of_all_ = std::max(furthest_of_all_, bytes);
    if (furthest_.size() > max_jobs) furthest_.erase(furthest_.begin());
  }
  void forget(const JobName& job) { furthest_.erase(job); }
  /// An attempt has ended unsent. Many that are cut at one moment are cut once.
  void note_unsent() {
    if (std::exchange(has_moved_, false)) ++cut_in_a_row_;
  }
  /// A job was accepted, refused, or is in doubt: uploads do come to their end.
  void note_end() {
    cut_in_a_row_ = 0;
    furthest_of_all_ = 0;
  }
  /// When one last came further.
  SteadyTime last_moved() const { return last_moved_; }

 private:
  static constexpr std::size_t max_jobs = 4096;  // of those whose pairs have gone, nobody says that they have
  static constexpr int max_cut_in_a_row = 3;

  std::map<JobName, std::uint64_t> furthest_;
  bool has_moved_ = false;             // since one was cut
  int cut_in_a_row_ = 0;               // since a job last ended
  std::uint64_t furthest_of_all_ = 0;  // likewise
  SteadyTime last_moved_{};
};

/// Of one job, for as long as one of its attempts lasts.
struct UploadMark {
  UploadMarks& all;
  JobName job;
};

}  // namespace reeld
