#include "service/served_spools.hpp"

#include <algorithm>

namespace reeld {

void ServedSpools::switch_to(std::shared_ptr<SpoolService> next) {
  current_->stop();
  draining_.push_back(std::exchange(current_, std::move(next)));
}

void ServedSpools::retire_drained(const std::function<void(const std::string&)>& on_left) {
  for (const auto& draining : draining_) {
    if (draining->is_idle()) draining->end();
  }
  const auto first = std::stable_partition(draining_.begin(), draining_.end(),
                                           [](const auto& draining) { return !draining->is_over(); });
  for (auto it = first; it != draining_.end(); ++it) {
    left_ += (*it)->dispatcher().counts();
    on_left((*it)->path());
  }
  draining_.erase(first, draining_.end());
}

void ServedSpools::abort_all() {
  current_->abort_all();
  for (const auto& draining : draining_) draining->abort_all();
}

DispatchCounts ServedSpools::count_all() const {
  DispatchCounts out = left_;
  out += current_->dispatcher().counts();
  for (const auto& draining : draining_) out += draining->dispatcher().counts();
  return out;
}

}  // namespace reeld
