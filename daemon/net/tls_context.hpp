#pragma once
// How reeld speaks TLS with one host: 1.2 or newer, the certificate and its name always verified, sessions
// resumed. A ClientHello is larger than a packet, so that a handshake that succeeds shows that large packets
// arrive.
//
// The sessions kept here belong to one host, port, CA file, client certificate and proxy, because a context
// belongs to one HttpClient. Lifetime: outlives every TlsStream made with it. Threads: the loop's thread
// only. Errors: the constructor throws std::runtime_error, naming the file that cannot be used. Source: RFC
// 8446 (4.6.1, C.4: a ticket is used once), RFC 6125.

#include <openssl/ssl.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "settings/api_credentials.hpp"

namespace reeld {

struct SslFree {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;
using SslContextPtr = std::unique_ptr<SSL_CTX, SslFree>;
using SslSessionPtr = std::unique_ptr<SSL_SESSION, SslFree>;

class TlsContext {
 public:
  /// `host`: a name or an address without brackets. `ca_file`: besides the system's; "" for none. A CA's
  /// certificate there is enough, be it the root's or an intermediate's alone. `certificate`: what to show to
  /// a server that asks for one.
  TlsContext(std::string host, const std::string& ca_file,
             const std::optional<ClientCertificate>& certificate = std::nullopt);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// A client that checks for this host and offers a kept session, if there is one.
  SslPtr make_client();
  const std::string& host() const { return host_; }
  /// The file of the client certificate; "" : there is none.
  const std::string& certificate_file() const { return certificate_file_; }

 private:
  static int take_new_session(SSL* ssl, SSL_SESSION* session);
  void offer_session(SSL* ssl);

  std::string host_;
  std::string certificate_file_;
  SslContextPtr context_;
  std::deque<SslSessionPtr> sessions_;  // the newest last
};

}  // namespace reeld
