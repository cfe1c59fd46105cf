#pragma once
// For a while, only so many more files can be opened in this process.

#include <fcntl.h>
#include <sys/resource.h>

#include <algorithm>
#include <vector>

#include "sys/unique_fd.hpp"

namespace reeld {

class FdLimit {
 public:
  explicit FdLimit(int more) {
    // The numbers that the next ones will have need not follow one another.
    std::vector<UniqueFd> next;
    int last = -1;
    for (int i = 0; i < more + 1; ++i) {
      next.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      last = std::max(last, next.back().get());
    }
    ::getrlimit(RLIMIT_NOFILE, &before_);
    rlimit now = before_;
    now.rlim_cur = static_cast<rlim_t>(last);
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~FdLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  FdLimit(const FdLimit&) = delete;
  FdLimit& operator=(const FdLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace reeld
