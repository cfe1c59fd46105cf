#pragma once
// A throw-away certificate authority for tests, and what it issues. Nothing of it is ever written down but
// the CA's own certificate, for `ca_file`.

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace reeld::test {

struct OpenSslFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree>;
using CertificatePtr = std::unique_ptr<X509, OpenSslFree>;
using ServerContextPtr = std::unique_ptr<SSL_CTX, OpenSslFree>;

class TestCa {
 public:
  TestCa();

  /// PEM, for a client's `ca_file`.
  std::string certificate_pem() const;
  /// A server whose certificate is for `names`: subjectAltName as OpenSSL writes it,
  /// "DNS:localhost,IP:127.0.0.1".
  ServerContextPtr make_server(const std::string& names) const;

 private:
  KeyPtr key_;
  CertificatePtr certificate_;
};

}  // namespace reeld::test
