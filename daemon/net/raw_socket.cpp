#include "net/raw_socket.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace reeld {

Io RawSocket::fail(int error, Io::State blocked) {
  if (error == EAGAIN) return {blocked, 0};
  error_ = error;
  return {Io::State::failed, 0};
}

Io RawSocket::read(std::span<std::byte> into) {
  for (;;) {
    const ssize_t count = ::recv(fd_, into.data(), into.size(), MSG_DONTWAIT);
    if (count > 0) {
      come_ += static_cast<std::uint64_t>(count);
      return {Io::State::done, static_cast<std::size_t>(count)};
    }
    if (count == 0) return {Io::State::closed, 0};
    if (errno != EINTR) return fail(errno, Io::State::want_read);
  }
}

Io RawSocket::write(std::span<const std::byte> bytes) {
  for (;;) {
    const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0) {
      taken_ += static_cast<std::uint64_t>(count);
      return {Io::State::done, static_cast<std::size_t>(count)};
    }
    if (errno != EINTR) return fail(errno, Io::State::want_write);
  }
}

}  // namespace reeld
