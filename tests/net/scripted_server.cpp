#include "net/scripted_server.hpp"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace reeld::test {
namespace {

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("the scripted server: ") + what);
}

/// Without this the kernel holds small writes back, and scripts could not tell when they arrive.
void set_no_delay(int fd) {
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

int get_state(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return TCP_CLOSE;
  return info.tcpi_state;
}

bool has_unacknowledged(int fd) {
  int count = 0;
  return get_state(fd) != TCP_CLOSE && ::ioctl(fd, SIOCOUTQ, &count) == 0 && count > 0;
}

/// A script that stops reading stops its client: no kernel grows its buffers until a whole upload fits. Set
/// before connections come, for they have it from their listener (tcp(7)).
void keep_buffer_small(int listener) {
  const int size = 256 << 10;
  setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

void set_read_timeout(int fd) {
  const timeval ten_seconds{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &ten_seconds, sizeof ten_seconds);
}

// OpenSSL writes without MSG_NOSIGNAL here. The client's thread keeps the signal's default: it must not raise
// it.
void block_sigpipe() {
  sigset_t pipe_alone;
  sigemptyset(&pipe_alone);
  sigaddset(&pipe_alone, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_alone, nullptr);
}

}  // namespace

bool Peer::accept_tls(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  SSL_set_fd(ssl_.get(), socket_.get());
  return SSL_accept(ssl_.get()) == 1;
}

ssize_t Peer::read_some(char* into, std::size_t size) {
  const std::size_t count = std::min<std::size_t>(size, 65536);
  if (ssl_) return SSL_read(ssl_.get(), into, static_cast<int>(count));
  return ::recv(socket_.get(), into, count, 0);
}

std::string Peer::read(std::size_t count) {
  std::string all;
  std::array<char, 65536> room;
  while (all.size() < count) {
    const ssize_t got = read_some(room.data(), std::min(room.size(), count - all.size()));
    if (got <= 0) break;
    all.append(room.data(), static_cast<std::size_t>(got));
  }
  return all;
}

std::string Peer::read_until(std::string_view marker) {
  std::string all;
  char byte = 0;
  while (!all.ends_with(marker) && read_some(&byte, 1) == 1) all += byte;
  return all;
}

bool Peer::has_more() {
  char byte = 0;
  if (ssl_ && SSL_has_pending(ssl_.get()) == 1) return true;
  return ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void Peer::send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t sent = ssl_ ? SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()))
                              : ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Peer::settle() {
  while (has_unacknowledged(socket_.get())) std::this_thread::yield();
}

void Peer::drip(std::string_view text) {
  for (const char byte : text) send(std::string_view(&byte, 1));
}

void Peer::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

void Peer::close() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ::shutdown(socket_.get(), SHUT_WR);
  while (get_state(socket_.get()) == TCP_FIN_WAIT1) std::this_thread::yield();
  socket_.reset();
}

ScriptedServer::ScriptedServer(std::vector<Script> scripts, SSL_CTX* tls, const char* address)
    : scripts_(std::move(scripts)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  inet_pton(AF_INET, address, &where.sin_addr);
  socklen_t size = sizeof where;
  require(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&where), size) == 0, "bind");
  keep_buffer_small(listener_.get());
  require(::listen(listener_.get(), 64) == 0, "listen");
  require(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&where), &size) == 0, "getsockname");
  port_ = ntohs(where.sin_port);
  acceptor_ = std::thread([this, tls] { accept_all(tls); });
}

ScriptedServer::~ScriptedServer() {
  join();
}

void ScriptedServer::join() {
  if (acceptor_.joinable()) acceptor_.join();
  for (std::thread& player : players_) player.join();
  players_.clear();
}

void ScriptedServer::accept_all(SSL_CTX* tls) {
  set_read_timeout(listener_.get());
  for (const Script& script : scripts_) {
    UniqueFd socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) return;
    set_read_timeout(socket.get());
    set_no_delay(socket.get());
    peers_.push_back(std::make_unique<Peer>(std::move(socket)));
    players_.emplace_back(&play, std::ref(*peers_.back()), std::cref(script), tls);
  }
}

void ScriptedServer::play(Peer& peer, const Script& script, SSL_CTX* tls) {
  block_sigpipe();
  if (tls != nullptr && !peer.accept_tls(tls)) return;
  script(peer);
}

}  // namespace reeld::test
