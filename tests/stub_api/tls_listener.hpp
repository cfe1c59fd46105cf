#pragma once
// The listening socket on loopback and the TLS settings of the connections that it accepts.
//
// Errors: std::runtime_error from the constructor.

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>

#include "stub_api/options.hpp"
#include "stub_api/stream.hpp"

namespace reeld::stub {

class TlsListener {
 public:
  explicit TlsListener(const Options& options);
  ~TlsListener();
  TlsListener(const TlsListener&) = delete;
  TlsListener& operator=(const TlsListener&) = delete;

  int socket() const { return socket_; }
  std::uint16_t port() const { return port_; }
  /// The next connection, its TLS handshake still to be done; null when there is none after all.
  std::unique_ptr<Stream> accept();

 private:
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

}  // namespace reeld::stub
