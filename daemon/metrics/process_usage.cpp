#include "metrics/process_usage.hpp"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <ctime>
#include <fstream>
#include <limits>
#include <memory>
#include <string>

namespace reeld {
namespace {

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double read_clock(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// Entries of /proc/self/fd, less the one that reads them.
std::uint64_t count_fds() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return 0;
  std::uint64_t count = 0;
  while (const dirent* const entry = ::readdir(folder.get())) count += entry->d_name[0] != '.' ? 1 : 0;
  return count - 1;
}

/// The 22nd field: when the process began, in clock ticks after the machine did.
double read_start() {
  std::ifstream file("/proc/self/stat");
  file.ignore(std::numeric_limits<std::streamsize>::max(), ')');  // a name may hold spaces
  constexpr int fields_between = 19;
  std::string skipped;
  for (int i = 0; i < fields_between; ++i) file >> skipped;
  double ticks = 0;
  if (!(file >> ticks)) return 0;
  const double boot = read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME);
  return boot + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

ProcessUsage read_process_usage() {
  ProcessUsage out;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0)
    out.cpu_seconds = in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  std::uint64_t resident_pages = 0;
  if (statm >> pages >> resident_pages) {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    out.virtual_bytes = pages * page;
    out.resident_bytes = resident_pages * page;
  }
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) out.max_fds = files.rlim_cur;
  out.open_fds = count_fds();
  static const double start = read_start();  // it does not change, and the clock may be set
  out.start_seconds = start;
  return out;
}

}  // namespace reeld
