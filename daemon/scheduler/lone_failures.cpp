#include "scheduler/lone_failures.hpp"

#include <algorithm>

#include "core/backoff.hpp"

namespace reeld {
namespace {

constexpr std::uint32_t again_and_again = 3;

}  // namespace

bool LoneFailures::on_failed(const JobName& job) {
  failing_.insert(job);
  return ++in_a_row_[job] >= again_and_again && failing_.size() == 1;
}

void LoneFailures::on_read(const JobName& job) {
  in_a_row_.erase(job);
  failing_.clear();
}

void LoneFailures::forget(const JobName& job) {
  in_a_row_.erase(job);
  failing_.erase(job);
}

milliseconds LoneFailures::pause(const JobName& job, milliseconds least, milliseconds most,
                                 double jitter) const {
  const auto found = in_a_row_.find(job);
  const std::uint32_t times = found == in_a_row_.end() ? 0 : found->second;
  return spread(back_off(least, times - std::min(times, again_and_again), most), jitter);
}

}  // namespace reeld
