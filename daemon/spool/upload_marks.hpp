#pragma once
// How far the uploads of each job have ever come. Only one that gets further is progress: an upload that ends
// unsent at the same place again and again is not.
//
// Lifetime: within the dispatcher. Threads: the loop's.

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
    if (bytes <= mark) return;
    mark = bytes;
    last_moved_ = now;
    if (furthest_.size() > max_jobs) furthest_.erase(furthest_.begin());
  }
  void forget(const JobName& job) { furthest_.erase(job); }
  /// When one last came further.
  SteadyTime last_moved() const { return last_moved_; }

 private:
  static constexpr std::size_t max_jobs = 4096;  // of those whose pairs have gone, nobody says that they have

  std::map<JobName, std::uint64_t> furthest_;
  SteadyTime last_moved_{};
};

/// Of one job, for as long as one of its attempts lasts.
struct UploadMark {
  UploadMarks& all;
  JobName job;
};

}  // namespace reeld
