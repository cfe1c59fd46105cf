#include "stub_api/certificate.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace reeld::stub {
namespace {

constexpr long one_day = 24L * 60 * 60;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("cannot make the stub's certificate: ") + what);
}

struct File {
  File(const std::filesystem::path& path, const char* mode) : handle(std::fopen(path.c_str(), mode)) {}
  ~File() {
    if (handle != nullptr) std::fclose(handle);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::FILE* handle;
};

void set_serial(X509* certificate) {
  std::unique_ptr<BIGNUM, decltype(&BN_free)> serial(BN_new(), &BN_free);
  require(BN_rand(serial.get(), 64, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1, "serial number");
  require(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr, "serial number");
}

void set_name(X509* certificate, const char* common_name) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(common_name);
  X509_NAME* name = X509_get_subject_name(certificate);
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes, -1, -1, 0) == 1, "name");
}

void add_extension(X509* certificate, X509* issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  require(extension != nullptr, value);
  const int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  require(added == 1, value);
}

Identity begin_identity(const char* common_name) {
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  require(made.key && made.certificate, "key");
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  set_serial(certificate);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -one_day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 30 * one_day);
  X509_set_pubkey(certificate, made.key.get());
  set_name(certificate, common_name);
  return made;
}

void sign(const Identity& subject, const Identity& issuer) {
  X509_set_issuer_name(subject.certificate.get(), X509_get_subject_name(issuer.certificate.get()));
  require(X509_sign(subject.certificate.get(), issuer.key.get(), EVP_sha256()) > 0, "signature");
}

Identity make_authority() {
  Identity made = begin_identity("reeld stub authority");
  X509* certificate = made.certificate.get();
  add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
  sign(made, made);
  return made;
}

Identity load_authority(const std::filesystem::path& folder) {
  Identity loaded;
  const File key(folder / "ca.key", "r");
  const File certificate(folder / "ca.pem", "r");
  if (key.handle == nullptr || certificate.handle == nullptr) return loaded;
  loaded.key.reset(PEM_read_PrivateKey(key.handle, nullptr, nullptr, nullptr));
  loaded.certificate.reset(PEM_read_X509(certificate.handle, nullptr, nullptr, nullptr));
  return loaded;
}

void save_authority(const Identity& authority, const std::filesystem::path& folder) {
  const File key(folder / "ca.key", "w");
  const File certificate(folder / "ca.pem", "w");
  require(key.handle != nullptr && certificate.handle != nullptr, "cannot write ca.pem and ca.key");
  require(PEM_write_PrivateKey(key.handle, authority.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "ca.key");
  require(PEM_write_X509(certificate.handle, authority.certificate.get()) == 1, "ca.pem");
}

}  // namespace

Identity open_authority(const std::filesystem::path& folder) {
  Identity authority = load_authority(folder);
  if (authority.key && authority.certificate) return authority;
  authority = make_authority();
  save_authority(authority, folder);
  return authority;
}

Identity issue_server(const Identity& authority, bool name_mismatch) {
  Identity server = begin_identity("reeld stub server");
  X509* certificate = server.certificate.get();
  X509* issuer = authority.certificate.get();
  add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate, issuer, NID_ext_key_usage, "serverAuth");
  add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
  add_extension(certificate, issuer, NID_subject_alt_name,
                name_mismatch ? "DNS:other.example" : "DNS:localhost,IP:127.0.0.1,IP:::1");
  sign(server, authority);
  return server;
}

}  // namespace reeld::stub
