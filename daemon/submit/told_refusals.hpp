#pragma once
// The latest error files, and what was written into each: where it turns out that all pairs are refused
// alike, they are withdrawn, unless somebody has touched them.
//
// Threads: none of its own.

#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "core/content_digest.hpp"
#include "core/job_name.hpp"

namespace reeld {

class ToldRefusals {
 public:
  void note(const JobName& job, ContentDigest text) {
    take(job);
    latest_.emplace_back(job, text);
    if (latest_.size() > most) latest_.pop_front();
  }
  std::optional<ContentDigest> take(const JobName& job) {
    for (auto it = latest_.begin(); it != latest_.end(); ++it) {
      if (it->first != job) continue;
      const ContentDigest text = it->second;
      latest_.erase(it);
      return text;
    }
    return std::nullopt;
  }

 private:
  static constexpr std::size_t most = 1'003;  // three, and those that were under way with them
  std::deque<std::pair<JobName, ContentDigest>> latest_;
};

}  // namespace reeld
