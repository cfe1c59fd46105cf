#pragma once
// The latest error files, as they were written: where it turns out that all pairs are refused alike, they are
// withdrawn, unless somebody has touched them.
//
// Threads: none of its own.

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "core/job_name.hpp"

namespace reeld {

class ToldRefusals {
 public:
  void note(const JobName& job, std::string text) {
    take(job);
    latest_.emplace_back(job, std::move(text));
    if (latest_.size() > most) latest_.pop_front();
  }
  std::optional<std::string> take(const JobName& job) {
    for (auto it = latest_.begin(); it != latest_.end(); ++it) {
      if (it->first != job) continue;
      std::string text = std::move(it->second);
      latest_.erase(it);
      return text;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t most = 64;  // three, and those that were under way with them
  std::deque<std::pair<JobName, std::string>> latest_;
};

}  // namespace reeld
