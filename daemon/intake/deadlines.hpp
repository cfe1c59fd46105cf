#pragma once
// When each stem is to be thought of again, at the latest.

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "core/job_name.hpp"

namespace reeld {

class Deadlines {
 public:
  /// Replaces the stem's deadline.
  void set(const JobName& job, SteadyTime at);
  /// Only if the stem has none, or a later one.
  void set_earlier(const JobName& job, SteadyTime at);
  void drop(const JobName& job);
  void clear();

  std::optional<SteadyTime> earliest() const;
  /// Takes those whose time has come.
  std::vector<JobName> take_due(SteadyTime now);

 private:
  std::set<std::pair<SteadyTime, JobName>> queue_;
  std::map<JobName, SteadyTime> by_job_;
};

}  // namespace reeld
