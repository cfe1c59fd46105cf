#pragma once
// What this process takes of the machine, in the units of Prometheus' process metrics.
//
// Threads: any. Errors: what cannot be read is 0. Source: proc(5), getrusage(2), getrlimit(2).

#include <cstdint>

namespace reeld {

struct ProcessUsage {
  double cpu_seconds = 0;    // user and system, of all threads
  double start_seconds = 0;  // when it began, since the epoch
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
};

ProcessUsage read_process_usage();

}  // namespace reeld
