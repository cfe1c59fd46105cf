#pragma once
// What lies between OpenSSL and the socket: a BIO that never raises SIGPIPE, and that can hold records back
// so that several go out in one call.
//
// Lifetime: the socket outlives it; a BIO made with it must not be used after it; it does not move.

#include <openssl/bio.h>

#include <span>
#include <vector>

#include "net/io.hpp"
#include "net/raw_socket.hpp"

namespace reeld {

class TlsWire {
 public:
  explicit TlsWire(RawSocket& socket) : socket_(socket) {}
  TlsWire(const TlsWire&) = delete;
  TlsWire& operator=(const TlsWire&) = delete;

  /// The caller owns it (SSL_set_bio takes it over).
  BIO* make_bio();
  Io read(std::span<std::byte> into) { return socket_.read(into); }
  Io write(std::span<const std::byte> bytes);

  /// From here on, what is written is held until `flush`: about so many bytes.
  void cork(std::size_t expected);
  void uncork() { is_corked_ = false; }
  bool is_empty() const { return held_.empty(); }
  /// `done` once nothing is held any more. Otherwise `count` says how much went out.
  Io flush();
  int error() const { return socket_.error(); }

 private:
  RawSocket& socket_;
  bool is_corked_ = false;
  std::vector<std::byte> held_;
  std::size_t flushed_ = 0;  // of what is held
};

}  // namespace reeld
