#include "scheduler/twins.hpp"

namespace reeld {

void Twins::add(const JobName& job, const FoundPair& found) {
  remove(job);
  if (!found.digests.prompt || !found.digests.image) return;
  const Contents contents{*found.digests.prompt, *found.digests.image};
  pairs_[contents].emplace(job, found.stamps);
  contents_.emplace(job, contents);
}

void Twins::remove(const JobName& job) {
  const auto node = contents_.extract(job);
  if (!node) return;
  const auto pairs = pairs_.find(node.mapped());
  pairs->second.erase(job);
  if (pairs->second.empty()) pairs_.erase(pairs);
}

std::vector<JobName> Twins::list(const JobName& job) const {
  std::vector<JobName> out;
  const auto contents = contents_.find(job);
  if (contents == contents_.end()) return out;
  const Pairs& pairs = pairs_.at(contents->second);
  const PairIdentity& own = pairs.at(job);
  for (const auto& [name, files] : pairs) {
    if (!is_same_file(files, own)) out.push_back(name);
  }
  return out;
}

}  // namespace reeld
