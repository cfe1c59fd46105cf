#pragma once
// Who goes next: the oldest pair first, and folders take turns, so that one folder of ten thousand cannot
// starve another of one. A fair queue: each folder has a virtual time, and the folder furthest behind is
// served.
//
// Pure. Every operation is logarithmic in the number of folders and of jobs in a folder.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/job_name.hpp"

namespace reeld {

class FairQueue {
 public:
  /// `age_ns`: since the epoch; less is older. A job that waits already is left where it is.
  void add(const JobName& job, std::int64_t age_ns);
  /// Behind everything that waits in its folder now: for a job that fails again and again before it is sent.
  void add_last(const JobName& job);
  bool remove(const JobName& job);
  /// The next in turn, no longer waiting.
  std::optional<JobName> take();
  /// The same, but for those; one of them only where there is no other.
  std::optional<JobName> take_other_than(const std::set<JobName>& those);
  /// Up to `most` that wait: the oldest of each folder in turn, then the next of each, and so on.
  std::vector<JobName> list(std::size_t most) const;
  std::size_t size() const { return places_.size(); }

 private:
  struct Place {
    std::uint64_t deferral = 0;  // jobs put back to the end come after all that were not
    std::int64_t age_ns = 0;
    std::uint64_t arrival = 0;
    auto operator<=>(const Place&) const = default;
  };
  struct Folder {
    std::uint64_t turn = 0;
    std::map<Place, std::string> waiting;  // to stems
  };
  using Action = std::tuple<std::uint64_t, Place, std::string>;  // turn, the folder's oldest, the folder

  void insert(const JobName& job, Place place);
  JobName take_turn(JobName job);
  std::optional<JobName> find_other_than(const std::set<JobName>& those) const;
  void change(const std::string& name, const auto& action);

  std::map<JobName, Place> places_;
  std::map<std::string, Folder> folders_;
  std::set<Action> order_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t deferrals_ = 0;
  std::uint64_t virtual_time_ = 0;
};

}  // namespace reeld
