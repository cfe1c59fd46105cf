#pragma once
// The spool that is served, and those before it that a reload has left: each until its last answer is in.
//
// Threads: the loop's.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/spool_service.hpp"

namespace reeld {

class ServedSpools {
 public:
  explicit ServedSpools(std::shared_ptr<SpoolService> first) : current_(std::move(first)) {}

  const std::shared_ptr<SpoolService>& current() const { return current_; }
  bool is_any_draining() const { return !draining_.empty(); }
  /// The one before is kept, and stays locked, until its last answer is in.
  void switch_to(std::shared_ptr<SpoolService> next);
  /// Ends those that have their last answer, and lets them go: `on_left` is told the path of each.
  void retire_drained(const std::function<void(const std::string&)>& on_left);
  void abort_all();
  /// Of all that have been served since the start.
  DispatchCounts count_all() const;

 private:
  std::shared_ptr<SpoolService> current_;
  std::vector<std::shared_ptr<SpoolService>> draining_;
  DispatchCounts left_;  // of those that are gone
};

}  // namespace reeld
