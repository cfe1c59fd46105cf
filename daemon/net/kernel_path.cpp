// Not together with other sources in one batch: libc's own tcp_info ends before the shortest round trip, and
// the two headers do not go together.
#include "net/kernel_path.hpp"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstddef>
#include <limits>

namespace reeld {

KernelPath ask_path(int socket) {
  KernelPath path;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return path;
  path.segment = info.tcpi_snd_mss;
  const bool is_told = size >= offsetof(tcp_info, tcpi_min_rtt) + sizeof info.tcpi_min_rtt;
  const auto shortest = info.tcpi_min_rtt;
  if (is_told && shortest != 0 && shortest != std::numeric_limits<decltype(info.tcpi_min_rtt)>::max())
    path.min_round_trip = microseconds(shortest);
  return path;
}

std::uint64_t ask_unacknowledged(int socket) {
  int count = 0;
  if (::ioctl(socket, SIOCOUTQ, &count) != 0 || count < 0) return 0;
  return static_cast<std::uint64_t>(count);
}

void acknowledge_now(int socket) {
  constexpr int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

}  // namespace reeld
