#include "sys/process_setup.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <initializer_list>

namespace reeld {

namespace {

/// What is opened later must not take the place of a standard output that was closed: the log would go there.
void fill_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", O_RDWR);  // the lowest that is free
  }
}

}  // namespace

namespace {

void mask_signals(int how) {
  ::sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGHUP, SIGTERM, SIGINT}) ::sigaddset(&signals, number);
  ::pthread_sigmask(how, &signals, nullptr);
}

}  // namespace

void hold_signals() {
  mask_signals(SIG_BLOCK);
}

void release_signals() {
  mask_signals(SIG_UNBLOCK);
}

void ignore_write_signals() {
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

void prepare_process() {
  fill_standard_descriptors();
  ignore_write_signals();
  std::signal(SIGIO, SIG_IGN);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
  }
}

}  // namespace reeld
