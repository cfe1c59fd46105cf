#include "core/log_throttle.hpp"

#include <algorithm>

namespace reeld {
namespace {

constexpr auto quiet_at_most = std::chrono::minutes(10);
constexpr std::size_t max_entries = 100;

}  // namespace

std::uint64_t LogThrottle::note(const std::string& trouble, SteadyTime now) {
  const auto [it, is_new] = entries_.try_emplace(trouble);
  Entry& entry = it->second;
  const bool is_same = !is_new && (trouble == latest_ || now - entry.last <= quiet_at_most);
  entry.count = is_same ? entry.count + 1 : 0;
  entry.last = now;
  latest_ = trouble;
  const std::uint64_t count = entry.count;
  if (entries_.size() > max_entries) forget_oldest();
  return count;
}

void LogThrottle::forget_oldest() {
  entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](const auto& one, const auto& other) {
    return one.second.last < other.second.last;
  }));
}

}  // namespace reeld
