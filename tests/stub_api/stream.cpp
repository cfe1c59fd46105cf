#include "stub_api/stream.hpp"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace reeld::stub {

Stream::Stream(int socket, SslPtr ssl) : socket_(socket), ssl_(std::move(ssl)) {
  if (ssl_) SSL_set_fd(ssl_.get(), socket_);
}

Stream::~Stream() {
  ssl_.reset();
  ::close(socket_);
}

bool Stream::accept_tls() {
  ERR_clear_error();
  return !ssl_ || SSL_accept(ssl_.get()) == 1;
}

std::size_t Stream::read(std::span<char> into) {
  if (!ssl_) {
    const auto got = ::recv(socket_, into.data(), into.size(), 0);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }
  ERR_clear_error();
  std::size_t got = 0;
  return SSL_read_ex(ssl_.get(), into.data(), into.size(), &got) == 1 ? got : 0;
}

bool Stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    if (ssl_) {
      ERR_clear_error();
      if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) != 1) return false;
    } else {
      const auto wrote = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (wrote <= 0) return false;
      sent = static_cast<std::size_t>(wrote);
    }
    bytes.remove_prefix(sent);
  }
  return true;
}

void Stream::limit_window(int bytes) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

void Stream::say_goodbye() {
  if (ssl_) SSL_shutdown(ssl_.get());
}

void Stream::reset_on_close() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void Stream::interrupt() {
  ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace reeld::stub
