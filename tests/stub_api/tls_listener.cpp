#include "stub_api/tls_listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "stub_api/certificate.hpp"

namespace reeld::stub {
namespace {

constexpr int backlog = 512;

SSL_CTX* make_context(const Options& options) {
  if (options.plain) return nullptr;
  const Identity authority = open_authority(options.folder);
  const Identity server = issue_server(authority, options.name_mismatch);
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_use_certificate(context, server.certificate.get());
  SSL_CTX_use_PrivateKey(context, server.key.get());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (options.tls_1_2) SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  constexpr unsigned char session_context[] = "stub";
  SSL_CTX_set_session_id_context(context, session_context, sizeof session_context - 1);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, 65536);
  return context;
}

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int bind_loopback(const Options& options) {
  const int family = options.ipv6 ? AF_INET6 : AF_INET;
  const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (made < 0) fail("cannot make a socket");
  ::setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(options.port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(options.port);
  v6.sin6_addr = in6addr_loopback;
  const auto* address =
      options.ipv6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
  if (::bind(made, address, options.ipv6 ? sizeof v6 : sizeof v4) != 0) fail("cannot bind to loopback");
  if (::listen(made, backlog) != 0) fail("cannot listen");
  return made;
}

std::uint16_t port_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("cannot tell the port");
  const in_port_t port = address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                                       : reinterpret_cast<sockaddr_in*>(&address)->sin_port;
  return ntohs(port);
}

}  // namespace

TlsListener::TlsListener(const Options& options)
    : socket_(bind_loopback(options)),
      port_(port_of(socket_)),
      context_(make_context(options), &SSL_CTX_free) {}

TlsListener::~TlsListener() {
  ::close(socket_);
}

std::unique_ptr<Stream> TlsListener::accept() {
  const int accepted = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (accepted < 0) return nullptr;
  const int yes = 1;
  ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return std::make_unique<Stream>(accepted, SslPtr(context_ ? SSL_new(context_.get()) : nullptr));
}

}  // namespace reeld::stub
