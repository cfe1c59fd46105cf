#include "sys/lease.hpp"

#include <fcntl.h>

#include <cerrno>

namespace reeld {

LeaseAnswer probe_writers(int fd) {
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) {
    return errno == EAGAIN ? LeaseAnswer::being_written : LeaseAnswer::cannot_tell;
  }
  ::fcntl(fd, F_SETLEASE, F_UNLCK);
  return LeaseAnswer::nobody_writes;
}

}  // namespace reeld
