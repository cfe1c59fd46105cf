#pragma once
// How reeld speaks TLS with one host: 1.2 or newer, the certificate and its name always verified, sessions
// resumed.
//
// The sessions kept here belong to one host, port, CA file and proxy, because a context belongs to one
// HttpClient. Lifetime: outlives every TlsStream made with it. Threads: the loop's thread only. Errors: the
// constructor throws std::runtime_error, naming the CA file. Source: RFC 8446 (4.6.1, C.4: a ticket is used
// once), RFC 6125.

#include <openssl/ssl.h>

#include <deque>
#include <memory>
#include <string>

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
  /// `host`: a name or an address without brackets. `ca_file`: besides the system's; "" for none.
  TlsContext(std::string host, const std::string& ca_file);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  /// A client that checks for this host and offers a kept session, if there is one.
  SslPtr make_client();
  const std::string& host() const { return host_; }

 private:
  static int take_new_session(SSL* ssl, SSL_SESSION* session);
  void offer_session(SSL* ssl);

  std::string host_;
  SslContextPtr context_;
  std::deque<SslSessionPtr> sessions_;  // the newest last
};

}  // namespace reeld
