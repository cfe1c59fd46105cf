#include "intake/deadlines.hpp"

namespace reeld {

void Deadlines::set(const JobName& job, SteadyTime at) {
  const auto [entry, is_new] = by_job_.try_emplace(job, at);
  if (!is_new) queue_.erase({entry->second, job});
  entry->second = at;
  queue_.emplace(at, job);
}

void Deadlines::set_earlier(const JobName& job, SteadyTime at) {
  const auto entry = by_job_.find(job);
  if (entry == by_job_.end() || at < entry->second) set(job, at);
}

void Deadlines::drop(const JobName& job) {
  const auto entry = by_job_.find(job);
  if (entry == by_job_.end()) return;
  queue_.erase({entry->second, job});
  by_job_.erase(entry);
}

void Deadlines::clear() {
  queue_.clear();
  by_job_.clear();
}

std::optional<SteadyTime> Deadlines::earliest() const {
  if (queue_.empty()) return std::nullopt;
  return queue_.begin()->first;
}

std::vector<JobName> Deadlines::take_due(SteadyTime now) {
  std::vector<JobName> due;
  while (!queue_.empty() && queue_.begin()->first <= now) {
    due.push_back(queue_.begin()->second);
    by_job_.erase(due.back());
    queue_.erase(queue_.begin());
  }
  return due;
}

}  // namespace reeld
