#include "net/connection.hpp"

#include <array>

#include "http/reply_head.hpp"
#include "net/kernel_path.hpp"
#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;
using asio::ip::tcp;

struct Connection::Readiness {
  bool read_pending = false;
  bool write_pending = false;
  bool readable = false;
  bool writable = false;
  Sleeper* sleeper = nullptr;

  bool take(Interest interest) {
    const bool found = (interest != Interest::write && readable) || (interest != Interest::read && writable);
    if (interest != Interest::write) readable = false;
    if (interest != Interest::read) writable = false;
    return found;
  }

  void wake() {
    if (sleeper != nullptr) sleeper->wake();
  }
};

namespace {

/// Lends a sleeper to the handlers for as long as somebody sleeps in it.
template <class State>
class Loan {
 public:
  Loan(State& state, Sleeper& sleeper) : state_(state) { state_.sleeper = &sleeper; }
  ~Loan() { state_.sleeper = nullptr; }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;

 private:
  State& state_;
};

}  // namespace

Connection::Connection(tcp::socket socket)
    : socket_(std::move(socket)), raw_(socket_.native_handle()), readiness_(std::make_shared<Readiness>()) {
  boost::system::error_code ignored;
  const tcp::endpoint endpoint = socket_.remote_endpoint(ignored);
  address_ = endpoint.address();
  peer_ = join_host_port(address_.to_string(), endpoint.port());
}

Connection::~Connection() = default;

void Connection::begin_tls(TlsContext& context) {
  tls_ = std::make_unique<TlsStream>(context, raw_);
}

Io Connection::read(std::span<std::byte> into) {
  return tls_ ? tls_->read(into) : raw_.read(into);
}

void Connection::set_apart(std::size_t count) {
  if (tls_) tls_->set_apart(count);
}

Io Connection::write(std::span<const std::byte> bytes) {
  return tls_ ? tls_->write(bytes) : raw_.write(bytes);
}

asio::awaitable<Wake> Connection::wait(Interest interest, SteadyTime deadline, Sleeper& sleeper) {
  const Loan<Readiness> loan(*readiness_, sleeper);
  for (;;) {
    if (sleeper.is_aborted()) co_return Wake::aborted;
    if (readiness_->take(interest)) co_return Wake::ready;
    if (std::chrono::steady_clock::now() >= deadline) co_return Wake::deadline;
    if (interest != Interest::write) arm_read();
    if (interest != Interest::read) arm_write();
    co_await sleeper.sleep_until(deadline);
  }
}

void Connection::arm_read() {
  if (readiness_->read_pending) return;
  readiness_->read_pending = true;
  socket_.async_wait(tcp::socket::wait_read, [ready = readiness_](boost::system::error_code) {
    ready->read_pending = false;
    ready->readable = true;
    ready->wake();
  });
}

void Connection::arm_write() {
  if (readiness_->write_pending) return;
  readiness_->write_pending = true;
  socket_.async_wait(tcp::socket::wait_write, [ready = readiness_](boost::system::error_code) {
    ready->write_pending = false;
    ready->writable = true;
    ready->wake();
  });
}

void Connection::measure_path(std::optional<microseconds> handshake, bool is_proxied) {
  path_.handshake = handshake;
  path_.is_proxied = is_proxied;
  ask_kernel();
}

void Connection::ask_kernel() {
  const KernelPath known = ask_path(socket_.native_handle());
  path_.kernel = known.min_round_trip;
  segment_ = known.segment;
}

microseconds Connection::get_round_trip() {
  if (is_far(reeld::get_round_trip(path_)) && !path_.is_proxied) ask_kernel();
  return reeld::get_round_trip(path_);
}

std::uint64_t Connection::ask_unacknowledged() {
  return reeld::ask_unacknowledged(socket_.native_handle());
}

void Connection::acknowledge_now() {
  reeld::acknowledge_now(socket_.native_handle());
}

bool Connection::is_clean() {
  std::array<std::byte, http2_frame_head> unasked;
  const Io io = read(unasked);
  if (io.state == Io::State::done) unasked_.assign(reinterpret_cast<const char*>(unasked.data()), io.count);
  if (io.state == Io::State::failed) trouble_ = error();
  return io.state == Io::State::want_read;
}

void Connection::close_politely() {
  if (tls_) tls_->say_goodbye();
  tls_.reset();
  boost::system::error_code ignored;
  socket_.close(ignored);
}

std::string Connection::error() const {
  return tls_ ? tls_->error() : errno_text(raw_.error());
}

}  // namespace reeld
