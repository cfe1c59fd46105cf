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

/// A certificate and its key, both PEM.
struct PemIdentity {
  std::string certificate;
  std::string key;
};

class TestCa {
 public:
  TestCa();
  /// An intermediate: an authority that this one has issued.
  TestCa issue_authority() const;

  /// PEM, for a client's `ca_file`.
  std::string certificate_pem() const;
  /// A server whose certificate is for `names`: subjectAltName as OpenSSL writes it,
  /// "DNS:localhost,IP:127.0.0.1".
  /// It sends its own certificate alone.
  ServerContextPtr make_server(const std::string& names) const;
  /// From now on that server wants a certificate that this authority has issued.
  void demand_certificate(SSL_CTX* server) const;
  PemIdentity make_client() const;
  X509* certificate() const { return certificate_.get(); }

 private:
  explicit TestCa(const std::string& common_name);
  void sign(X509* subject) const;

  KeyPtr key_;
  CertificatePtr certificate_;
};

}  // namespace reeld::test
