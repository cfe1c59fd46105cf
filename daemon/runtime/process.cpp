#include "runtime/process.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

namespace reeld {

void prepare_process() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGIO, SIG_IGN);
  ::setenv("RES_OPTIONS", "timeout:2 attempts:2", 0);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

}  // namespace reeld
