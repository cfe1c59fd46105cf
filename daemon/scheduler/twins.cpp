#include "scheduler/twins.hpp"

namespace reeld {

void Twins::add(const JobName& job, const FoundPair& found) {
  remove(job);
  if (!found.digests.prompt || !found.digests.image) return;
  const Contents contents{*found.digests.prompt, *found.digests.image};
  const std::uint64_t number = ++last_number_;
  pairs_[contents].emplace(number, Entry{job, found.stamps});
  places_.emplace(job, Place{contents, number});
}

void Twins::remove(const JobName& job) {
  const auto node = places_.extract(job);
  if (!node) return;
  const auto pairs = pairs_.find(node.mapped().contents);
  pairs->second.erase(node.mapped().number);
  if (pairs->second.empty()) pairs_.erase(pairs);
}

std::vector<JobName> Twins::list(const JobName& job) const {
  std::vector<JobName> out;
  any_of(job, [&out](const JobName& twin) {
    out.push_back(twin);
    return false;
  });
  return out;
}

}  // namespace reeld
