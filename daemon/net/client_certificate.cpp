#include "net/client_certificate.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace reeld {
namespace {

struct PemFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using BioPtr = std::unique_ptr<BIO, PemFree>;
using X509Ptr = std::unique_ptr<X509, PemFree>;
using PrivateKeyPtr = std::unique_ptr<EVP_PKEY, PemFree>;

BioPtr open_text(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

[[noreturn]] void fail(const char* setting, const PemFile& file, const std::string& fault) {
  ERR_clear_error();
  throw std::runtime_error(std::string("api.") + setting + ": " + file.path + " " + fault);
}

/// A key that wants a password: nobody is there to type it.
int note_password_wish(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

X509Ptr read_next_certificate(BIO* bio) {
  return X509Ptr(PEM_read_bio_X509(bio, nullptr, nullptr, nullptr));
}

PrivateKeyPtr read_private_key(const PemFile& file) {
  const BioPtr bio = open_text(file.text);
  bool is_encrypted = false;
  PrivateKeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &note_password_wish, &is_encrypted));
  if (is_encrypted)
    fail("client_key_file", file,
         "holds an encrypted key, and reeld has no password for it; decrypt it (openssl pkey -in " +
             file.path + " -out KEY), put KEY in its place, and let nobody else read it");
  if (!key) fail("client_key_file", file, "holds no private key in PEM (\"-----BEGIN PRIVATE KEY-----\")");
  return key;
}

std::string get_library_reason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason == nullptr ? "OpenSSL gives no reason" : reason;
}

}  // namespace

void use_client_certificate(SSL_CTX* context, const ClientCertificate& certificate) {
  const BioPtr bio = open_text(certificate.certificate.text);
  const X509Ptr own = read_next_certificate(bio.get());
  if (!own)
    fail("client_cert_file", certificate.certificate,
         "holds no certificate in PEM (\"-----BEGIN CERTIFICATE-----\")");
  const PrivateKeyPtr key = read_private_key(certificate.key);
  if (X509_check_private_key(own.get(), key.get()) != 1)
    fail("client_key_file", certificate.key,
         "is not the key of the certificate in " + certificate.certificate.path +
             " (the client's own certificate must be the first one there)");
  if (SSL_CTX_use_certificate(context, own.get()) != 1 || SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    fail("client_cert_file", certificate.certificate, "cannot be used: " + get_library_reason());
  while (const X509Ptr issuer = read_next_certificate(bio.get())) {
    if (SSL_CTX_add1_chain_cert(context, issuer.get()) != 1)
      fail("client_cert_file", certificate.certificate, "cannot be used: " + get_library_reason());
  }
  ERR_clear_error();
}

}  // namespace reeld
