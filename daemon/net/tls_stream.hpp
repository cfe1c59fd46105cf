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
#include "net/tls_notes.hpp"
#include "net/tls_wire.hpp"

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
  /// Of what is written next, that much goes into a record of its own: the peer can read it before the rest
  /// has come.
  void set_apart(std::size_t count) { apart_ = count; }
  /// Hands over a few records. What is not `done` must be tried again with the same bytes; its `count` then
  /// says how much went out meanwhile.
  Io write(std::span<const std::byte> bytes);
  /// Sends close_notify if that can be done at once.
  void say_goodbye();
  const std::string& error() const { return error_; }
  /// By the server: in TLS 1.3 it says only after the handshake whether it takes what was shown.
  bool was_asked_for_certificate() const { return notes_.was_asked_for_certificate; }
  /// The server has ended the connection because of the certificate that it was shown, or was not. It does so
  /// before it can read what was encrypted for it (RFC 8446, 4.4.2.4 and 4.4.4): whatever was written has
  /// been read by nobody.
  bool is_certificate_refused() const;

 private:
  Io write_record(std::span<const std::byte> bytes);
  Io encrypt_batch(std::span<const std::byte> bytes);
  Io end_call(int result, std::size_t count);
  std::string explain_failure() const;

  TlsContext& context_;
  TlsWire wire_;
  TlsNotes notes_;
  SslPtr ssl_;
  std::size_t encrypted_ = 0;  // of the bytes being written, and still held by the wire
  std::size_t apart_ = 0;
  std::string error_;
};

}  // namespace reeld
