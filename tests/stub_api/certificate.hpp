#pragma once
// A throw-away certificate authority and a server certificate that it signed, made with OpenSSL.

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>

namespace reeld::stub {

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateFree {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyFree>;
using CertificatePtr = std::unique_ptr<X509, CertificateFree>;

struct Identity {
  KeyPtr key;
  CertificatePtr certificate;
};

/// The authority kept in `folder` (ca.pem, ca.key), made on first use: a stub that is started again in its
/// folder is trusted again. Errors: std::runtime_error.
Identity open_authority(const std::filesystem::path& folder);

/// A server certificate for localhost, 127.0.0.1 and ::1, or for another name.
Identity issue_server(const Identity& authority, bool name_mismatch);

}  // namespace reeld::stub
