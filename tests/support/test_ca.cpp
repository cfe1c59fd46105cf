#include "support/test_ca.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <functional>
#include <stdexcept>

namespace reeld::test {
namespace {

void require(bool good) {
  if (!good) throw std::runtime_error("the test CA: OpenSSL failed");
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

CertificatePtr make_certificate(EVP_PKEY* key, const std::string& common_name) {
  CertificatePtr certificate(X509_new());
  require(certificate != nullptr);
  X509_set_version(certificate.get(), 2);
  long serial = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), 4) == 1);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial + 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  return certificate;
}

std::string take_text(const std::function<bool(BIO*)>& write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  require(write(memory.get()));
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string to_pem(X509* certificate) {
  return take_text([&](BIO* into) { return PEM_write_bio_X509(into, certificate) == 1; });
}

std::string to_pem(EVP_PKEY* key) {
  return take_text([&](BIO* into) {
    return PEM_write_bio_PrivateKey(into, key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
  });
}

}  // namespace

TestCa::TestCa(const std::string& common_name)
    : key_(EVP_EC_gen("P-256")), certificate_(make_certificate(key_.get(), common_name)) {
  X509* self = certificate_.get();
  add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
}

TestCa::TestCa() : TestCa("reeld test CA") {
  sign(certificate_.get());
}

TestCa TestCa::issue_authority() const {
  TestCa intermediate("reeld test intermediate");
  sign(intermediate.certificate_.get());
  return intermediate;
}

void TestCa::sign(X509* subject) const {
  X509_set_issuer_name(subject, X509_get_subject_name(certificate_.get()));
  require(X509_sign(subject, key_.get(), EVP_sha256()) > 0);
}

std::string TestCa::certificate_pem() const {
  return to_pem(certificate_.get());
}

PemIdentity TestCa::make_client() const {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = make_certificate(key.get(), "reeld test client");
  sign(certificate.get());
  return {to_pem(certificate.get()), to_pem(key.get())};
}

void TestCa::demand_certificate(SSL_CTX* server) const {
  constexpr unsigned char name[] = "test";
  require(X509_STORE_add_cert(SSL_CTX_get_cert_store(server), certificate_.get()) == 1);
  require(SSL_CTX_set_session_id_context(server, name, sizeof name - 1) == 1);
  SSL_CTX_set_verify(server, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

ServerContextPtr TestCa::make_server(const std::string& names) const {
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = make_certificate(key.get(), "reeld test server");
  add_extension(certificate.get(), certificate_.get(), NID_subject_alt_name, names);
  sign(certificate.get());
  ServerContextPtr context(SSL_CTX_new(TLS_server_method()));
  require(SSL_CTX_use_certificate(context.get(), certificate.get()) == 1);
  require(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1);
  return context;
}

}  // namespace reeld::test
