#pragma once
// One connection, plain or TLS: calls that never block, and one way to wait.
//
// At most one wait for reading and one for writing are pending on the socket. They may stay pending when the
// wait that armed them has ended; what they report is then picked up by the next. Lifetime: handlers of
// pending waits keep only a small shared state, so a Connection can be destroyed at any time. Threads: the
// loop's thread only. Errors: `error()` is for people.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "async/sleeper.hpp"
#include "core/boundary_wait.hpp"
#include "core/clock.hpp"
#include "net/io.hpp"
#include "net/raw_socket.hpp"
#include "net/tls_stream.hpp"

namespace reeld {

enum class Interest { read, write, both };
enum class Wake { ready, deadline, aborted };

class Connection {
 public:
  /// `socket` is connected.
  explicit Connection(boost::asio::ip::tcp::socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// From here on everything goes through TLS, beginning with `handshake`. The context must outlive the
  /// connection.
  void begin_tls(TlsContext& context);
  Io handshake() { return tls_->handshake(); }

  Io read(std::span<std::byte> into);
  /// See TlsStream.
  void set_apart(std::size_t count);
  /// What is not `done` must be tried again with the same bytes (a `count` of it is progress, but counts for
  /// nothing).
  Io write(std::span<const std::byte> bytes);
  /// See TlsStream.
  bool was_asked_for_certificate() const { return tls_ && tls_->was_asked_for_certificate(); }
  /// See TlsStream.
  bool is_certificate_refused() const { return tls_ && tls_->is_certificate_refused(); }
  /// Waits until the socket may be ready. `ready` can be a false alarm: the call that follows tells.
  boost::asio::awaitable<Wake> wait(Interest interest, SteadyTime deadline, Sleeper& sleeper);

  /// Nothing has come that was not asked for, and the peer has not closed. Session tickets do not count.
  bool is_clean();
  /// What a connection that is not clean began to say, as far as it was read.
  const std::string& unasked() const { return unasked_; }
  /// What broke a connection that is not clean, for people; "" where nothing did.
  const std::string& trouble() const { return trouble_; }
  /// Closes as a client does that is done with the connection, instead of just dropping it.
  void close_politely();

  /// Asks the kernel about the way. `handshake`: how long TLS's first flight took to be answered, or whatever
  /// else the server itself has answered.
  void measure_path(std::optional<microseconds> handshake, bool is_proxied);
  /// Zero where nothing is known of it. One that is far is asked for again: it may have been a hiccup.
  microseconds get_round_trip();
  std::uint32_t segment() const { return segment_; }
  /// Bytes that the peer's kernel has not acknowledged: one system call.
  std::uint64_t ask_unacknowledged();
  void acknowledge_now();

  const std::string& peer() const { return peer_; }
  const boost::asio::ip::address& address() const { return address_; }
  /// How many bytes have left, handshakes and all. Through TLS some of what was not yet `done` may have.
  std::uint64_t wire_bytes_sent() const { return raw_.taken(); }
  std::uint64_t bytes_come_here() const { return raw_.come(); }
  std::string error() const;

 private:
  struct Readiness;
  void arm_read();
  void arm_write();
  void ask_kernel();

  boost::asio::ip::tcp::socket socket_;
  RawSocket raw_;
  std::unique_ptr<TlsStream> tls_;
  std::shared_ptr<Readiness> readiness_;
  boost::asio::ip::address address_;
  std::string peer_;
  std::string unasked_;
  std::string trouble_;
  PathTimes path_;
  std::uint32_t segment_ = 0;
};

/// What to wait for after a call that did not go through.
inline Interest get_interest(Io io) {
  return io.state == Io::State::want_write ? Interest::write : Interest::read;
}

}  // namespace reeld
