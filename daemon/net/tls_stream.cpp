#include "net/tls_stream.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <utility>

#include "net/tls_reasons.hpp"

namespace reeld {
namespace {

constexpr std::size_t record_size = 16384;   // RFC 8446, 5.1
constexpr std::size_t record_overhead = 64;  // header, nonce and tag: 22 bytes in TLS 1.3, 29 in 1.2
constexpr std::size_t records_in_batch = 4;
constexpr std::size_t batch_size = records_in_batch * record_size;

}  // namespace

TlsStream::TlsStream(TlsContext& context, RawSocket& socket)
    : context_(context), wire_(socket), ssl_(context.make_client()) {
  BIO* bio = wire_.make_bio();
  SSL_set_bio(ssl_.get(), bio, bio);
  keep_notes(ssl_.get(), notes_);
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
  if (wire_.is_empty()) {
    if (bytes.size() <= record_size && apart_ == 0) return write_record(bytes);
    const Io io = encrypt_batch(bytes.first(std::min(bytes.size(), batch_size)));
    if (io.state != Io::State::done) return io;
  }
  const Io io = wire_.flush();
  if (io.state == Io::State::done) return {Io::State::done, std::exchange(encrypted_, 0)};
  if (io.state == Io::State::failed) error_ = explain_failure();
  return io;
}

Io TlsStream::write_record(std::span<const std::byte> bytes) {
  ERR_clear_error();
  std::size_t count = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
  return end_call(result, count);
}

// Each call on the socket wakes the peer; a few records together cost little more than one.
Io TlsStream::encrypt_batch(std::span<const std::byte> bytes) {
  Io io{Io::State::done, 0};
  wire_.cork(bytes.size() + (records_in_batch + 1) * record_overhead);
  while (!bytes.empty() && io.state == Io::State::done) {
    const std::size_t apart = std::exchange(apart_, 0);
    io = write_record(bytes.first(std::min({bytes.size(), record_size, apart == 0 ? record_size : apart})));
    bytes = bytes.subspan(io.count);
    encrypted_ += io.count;
  }
  wire_.uncork();
  return io;
}

void TlsStream::say_goodbye() {
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

bool TlsStream::is_certificate_refused() const {
  return notes_.was_asked_for_certificate && !notes_.has_ticket && refuses_certificate(notes_.alert) &&
         SSL_version(ssl_.get()) >= TLS1_3_VERSION;
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
  return explain_tls_failure(context_, notes_, ssl_.get(), wire_.error());
}

}  // namespace reeld
