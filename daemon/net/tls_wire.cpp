#include "net/tls_wire.hpp"

#include <memory>
#include <new>

namespace reeld {
namespace {

TlsWire& get_wire(BIO* bio) {
  return *static_cast<TlsWire*>(BIO_get_data(bio));
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
  return end_bio_call(bio, get_wire(bio).read(std::as_writable_bytes(room)));
}

int write_bio(BIO* bio, const char* bytes, int size) {
  const std::span<const char> data(bytes, static_cast<std::size_t>(size));
  return end_bio_call(bio, get_wire(bio).write(std::as_bytes(data)));
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

}  // namespace

BIO* TlsWire::make_bio() {
  static const BioMethodPtr method = make_bio_method();
  BIO* bio = BIO_new(method.get());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  return bio;
}

void TlsWire::cork(std::size_t expected) {
  held_.reserve(expected);
  is_corked_ = true;
}

Io TlsWire::write(std::span<const std::byte> bytes) {
  // Nothing overtakes what is held.
  if (!is_corked_ && held_.empty()) return socket_.write(bytes);
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  return {Io::State::done, bytes.size()};
}

Io TlsWire::flush() {
  std::size_t count = 0;
  while (flushed_ < held_.size()) {
    const Io io = socket_.write(std::span(held_).subspan(flushed_));
    if (io.state != Io::State::done) return {io.state, count};
    flushed_ += io.count;
    count += io.count;
  }
  flushed_ = 0;
  held_ = {};  // an exchange that waits for its answer holds no buffer
  return {Io::State::done, count};
}

}  // namespace reeld
