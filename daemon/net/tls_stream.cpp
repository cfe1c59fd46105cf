#include "net/tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <new>

#include "net/reasons.hpp"

namespace reeld {
namespace {

RawSocket& get_socket(BIO* bio) {
  return *static_cast<RawSocket*>(BIO_get_data(bio));
}

// OpenSSL's own socket BIO would raise SIGPIPE; this one also keeps the errno of what went wrong.
int end_bio_call(BIO* bio, Io io) {
  BIO_clear_retry_flags(bio);
  if (io.state == Io::State::done) return static_cast<int>(io.count);
  if (io.state == Io::State::want_read) BIO_set_retry_read(bio);
  if (io.state == Io::State::want_write) BIO_set_retry_write(bio);
  if (io.state == Io::State::closed) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return io.state == Io::State::closed ? 0 : -1;
}

int read_bio(BIO* bio, char* into, int size) {
  const std::span<char> room(into, static_cast<std::size_t>(size));
  return end_bio_call(bio, get_socket(bio).read(std::as_writable_bytes(room)));
}

int write_bio(BIO* bio, const char* bytes, int size) {
  const std::span<const char> data(bytes, static_cast<std::size_t>(size));
  return end_bio_call(bio, get_socket(bio).write(std::as_bytes(data)));
}

long control_bio(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

struct BioMethodFree {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};
using BioMethodPtr = std::unique_ptr<BIO_METHOD, BioMethodFree>;

BioMethodPtr make_bio_method() {
  BioMethodPtr method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "reeld socket"));
  if (method == nullptr) throw std::bad_alloc();
  BIO_meth_set_read(method.get(), read_bio);
  BIO_meth_set_write(method.get(), write_bio);
  BIO_meth_set_ctrl(method.get(), control_bio);
  return method;
}

BIO* make_bio(RawSocket& socket) {
  static const BioMethodPtr method = make_bio_method();
  BIO* bio = BIO_new(method.get());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &socket);
  BIO_set_init(bio, 1);
  return bio;
}

bool is_trust_missing(long verdict) {
  return verdict == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
         verdict == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN || verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         verdict == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

std::string explain_verdict(long verdict, const std::string& host) {
  const std::string text = X509_verify_cert_error_string(verdict);
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
    return "the certificate is not for " + host + ": " + text;
  if (is_trust_missing(verdict))
    return "the certificate is not trusted: " + text + "; put the CA's certificate into [api] ca_file";
  return "the certificate is not valid: " + text;
}

}  // namespace

TlsStream::TlsStream(TlsContext& context, RawSocket& socket)
    : context_(context), socket_(socket), ssl_(context.make_client()) {
  BIO* bio = make_bio(socket_);
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsStream::~TlsStream() {
  // Without this OpenSSL takes the session for a bad one and never resumes it.
  SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

Io TlsStream::handshake() {
  ERR_clear_error();
  return end_call(SSL_do_handshake(ssl_.get()), 0);
}

Io TlsStream::read(std::span<std::byte> into) {
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
  return end_call(result, count);
}

Io TlsStream::write(std::span<const std::byte> bytes) {
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return end_call(result, count);
}

void TlsStream::say_goodbye() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

Io TlsStream::end_call(int result, std::size_t count) {
  if (result == 1) return {Io::State::done, count};
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {Io::State::want_read, 0};
    case SSL_ERROR_WANT_WRITE:
      return {Io::State::want_write, 0};
    case SSL_ERROR_ZERO_RETURN:
      return {Io::State::closed, 0};
    default:
      error_ = explain_failure();
      return {Io::State::failed, 0};
  }
}

std::string TlsStream::explain_failure() const {
  const long verdict = SSL_get_verify_result(ssl_.get());
  if (verdict != X509_V_OK) return explain_verdict(verdict, context_.host());
  if (socket_.error() != 0) return tell_errno(socket_.error());
  const unsigned long error = ERR_peek_last_error();
  if (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_WRONG_VERSION_NUMBER)
    return "the server does not speak TLS on this port (wrong version number)";
  const char* reason = error != 0 ? ERR_reason_error_string(error) : nullptr;
  return reason != nullptr ? reason : "the connection was closed";
}

}  // namespace reeld
