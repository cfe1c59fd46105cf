#pragma once
// TLS over one socket that never blocks.
//
// Lifetime: the context and the socket outlive it; it does not move (OpenSSL holds its address).
// Errors: `error()` is for people; of a failed verification it says what is wrong with the certificate.

#include <span>
#include <string>

#include "net/io.hpp"
#include "net/raw_socket.hpp"
#include "net/tls_context.hpp"

namespace reeld {

class TlsStream {
 public:
  TlsStream(TlsContext& context, RawSocket& socket);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// `done` (with no count) once the peer is verified.
  Io handshake();
  Io read(std::span<std::byte> into);
  /// Hands over at least one record, or nothing. What is not `done` must be tried again with the same bytes.
  Io write(std::span<const std::byte> bytes);
  /// Sends close_notify if that can be done at once.
  void say_goodbye();
  const std::string& error() const { return error_; }

 private:
  Io end_call(int result, std::size_t count);
  std::string explain_failure() const;

  TlsContext& context_;
  RawSocket& socket_;
  SslPtr ssl_;
  std::string error_;
};

}  // namespace reeld
