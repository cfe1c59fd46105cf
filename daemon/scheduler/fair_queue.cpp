#include "scheduler/fair_queue.hpp"

#include <algorithm>

namespace reeld {

/// Changes one folder, and keeps its place in the order of folders true.
void FairQueue::change(const std::string& name, const auto& action) {
  auto [it, is_new] = folders_.try_emplace(name);
  Folder& folder = it->second;
  // A folder that comes back starts at the present: it can neither save up turns nor jump the queue for ever.
  if (is_new) folder.turn = virtual_time_ + 1;
  if (!folder.waiting.empty()) order_.erase({folder.turn, folder.waiting.begin()->first, name});
  action(folder);
  if (folder.waiting.empty()) {
    folders_.erase(it);
  } else {
    order_.insert({folder.turn, folder.waiting.begin()->first, name});
  }
}

void FairQueue::insert(const JobName& job, Place place) {
  if (!places_.emplace(job, place).second) return;
  change(job.folder, [&](Folder& folder) { folder.waiting.emplace(place, job.stem); });
}

void FairQueue::add(const JobName& job, std::int64_t age_ns) {
  insert(job, Place{0, age_ns, arrivals_++});
}

void FairQueue::add_last(const JobName& job) {
  insert(job, Place{++deferrals_, 0, arrivals_++});
}

bool FairQueue::remove(const JobName& job) {
  const auto it = places_.find(job);
  if (it == places_.end()) return false;
  change(job.folder, [&](Folder& folder) { folder.waiting.erase(it->second); });
  places_.erase(it);
  return true;
}

std::optional<JobName> FairQueue::take() {
  if (order_.empty()) return std::nullopt;
  const std::string& name = std::get<2>(*order_.begin());
  return take_turn({name, folders_.at(name).waiting.begin()->second});
}

JobName FairQueue::take_turn(JobName job) {
  change(job.folder, [&](Folder& folder) {
    folder.waiting.erase(places_.at(job));
    virtual_time_ = std::max(virtual_time_, folder.turn);
    ++folder.turn;
  });
  places_.erase(job);
  return job;
}

std::optional<JobName> FairQueue::take_other_than(const std::set<JobName>& those) {
  auto found = find_other_than(those);
  if (!found) return take();
  return take_turn(std::move(*found));
}

std::optional<JobName> FairQueue::find_other_than(const std::set<JobName>& those) const {
  for (const auto& [turn, place, folder] : order_) {
    for (const auto& [waiting, stem] : folders_.at(folder).waiting) {
      JobName job{folder, stem};
      if (!those.contains(job)) return job;
    }
  }
  return std::nullopt;
}

std::vector<JobName> FairQueue::list(std::size_t most) const {
  std::vector<std::pair<std::string, std::map<Place, std::string>::const_iterator>> next;
  for (const auto& [turn, place, folder] : order_) {
    if (next.size() == most) break;
    next.emplace_back(folder, folders_.at(folder).waiting.begin());
  }
  std::vector<JobName> out;
  while (!next.empty() && out.size() < most) {
    for (auto& [folder, place] : next) {
      if (out.size() < most) out.push_back({folder, place->second});
      ++place;
    }
    std::erase_if(next,
                  [&](const auto& entry) { return entry.second == folders_.at(entry.first).waiting.end(); });
  }
  return out;
}

}  // namespace reeld
