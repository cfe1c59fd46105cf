#pragma once
// A server in the test's own process that does what its scripts say, one script for each connection in the
// order in which they come, each in a thread of its own. Reads give up after ten seconds, so that a broken
// test ends.

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support/test_ca.hpp"
#include "sys/unique_fd.hpp"

namespace reeld::test {

/// The server's side of one connection. It stays open when its script has returned, until the server goes.
class Peer {
 public:
  explicit Peer(UniqueFd socket) : socket_(std::move(socket)) {}

  /// False: the handshake failed.
  bool accept_tls(SSL_CTX* context);
  /// As many bytes as asked for; fewer where the client closes before.
  std::string read(std::size_t count);
  std::string read_until(std::string_view marker);
  /// Until the client closes.
  std::string read_to_end() { return read(std::string::npos); }
  /// Whether something is there to be read, now.
  bool has_more();
  void send(std::string_view text);
  /// Waits until the client's kernel has all that was sent.
  void settle();
  /// One byte at a time.
  void drip(std::string_view text);
  /// What the client had sent and was not read is lost, and so may be what was sent to it.
  void reset();
  /// Ends the connection in order: what was sent has arrived when this returns, and the end of it too.
  void close();
  bool was_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  int protocol() const { return SSL_version(ssl_.get()); }

 private:
  struct SslFree {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  ssize_t read_some(char* into, std::size_t size);

  UniqueFd socket_;
  std::unique_ptr<SSL, SslFree> ssl_;
};

using Script = std::function<void(Peer&)>;

class ScriptedServer {
 public:
  /// `tls`: null for plain connections; must outlive the server.
  ScriptedServer(std::vector<Script> scripts, SSL_CTX* tls, const char* address = "127.0.0.1");
  /// Waits until every script that has begun has ended.
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_; }
  /// Waits until all scripts have run, each to its end.
  void join();

 private:
  void accept_all(SSL_CTX* tls);
  static void play(Peer& peer, const Script& script, SSL_CTX* tls);

  std::vector<Script> scripts_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

}  // namespace reeld::test
