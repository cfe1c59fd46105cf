#pragma once
// The jobs that the stub has created, and how far each has come. Threads: any.

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "stub_api/form_parser.hpp"

namespace reeld::stub {

struct Job {
  std::string id;
  std::uint64_t number = 0;
  std::string model;
  std::string seconds;
  std::string size;
  std::string prompt;
  std::int64_t created_at = 0;  // seconds since the epoch
  std::chrono::steady_clock::time_point begun;
};

class Jobs {
 public:
  /// `limit`: unfinished jobs at once, 0 for none. `duration`: from queued to completed.
  Jobs(std::uint32_t limit, std::chrono::milliseconds duration) : limit_(limit), duration_(duration) {}

  bool is_full() const;
  /// A new job; with a colon in its id if that is wanted.
  Job create(const Form& form, bool colon);
  std::optional<Job> find(const std::string& id) const;
  /// 0 to 100.
  int progress_of(const Job& job) const;

 private:
  mutable std::mutex mutex_;
  std::uint32_t limit_;
  std::chrono::milliseconds duration_;
  std::map<std::string, Job> jobs_;
  std::uint64_t count_ = 0;
};

/// "queued", "in_progress", "completed".
std::string_view status_word_of(int progress);

}  // namespace reeld::stub
