#pragma once
// One accepted connection's bytes, with TLS or without: blocking.
//
// Lifetime: owns the socket and the TLS state. Threads: one, but for `interrupt`, which any thread may call
// while the stream lives.

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace reeld::stub {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

class Stream {
 public:
  /// `ssl`: null for plain HTTP. Takes the socket over.
  Stream(int socket, SslPtr ssl);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// The server's half of the TLS handshake; false when it failed.
  bool accept_tls();
  /// How many bytes came, at least one; 0 when the peer closed or the connection failed.
  std::size_t read(std::span<char> into);
  /// False when the connection failed.
  bool write(std::string_view bytes);

  bool is_tls_resumed() const { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }
  bool has_pending() const { return ssl_ && SSL_has_pending(ssl_.get()) == 1; }
  int socket() const { return socket_; }

  /// The peer can send no more than about this before it has to wait.
  void limit_window(int bytes);
  /// TLS close_notify; the socket is closed by the destructor (the kernel sends RST if bytes are unread).
  void say_goodbye();
  /// The destructor will send RST instead of FIN, and discard what is unsent.
  void reset_on_close();
  /// Ends blocked reads and writes of another thread.
  void interrupt();

 private:
  int socket_;
  SslPtr ssl_;
};

}  // namespace reeld::stub
