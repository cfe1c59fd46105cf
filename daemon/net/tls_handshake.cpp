#include "net/tls_handshake.hpp"

#include <chrono>

#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

std::string tell_silence(milliseconds patience, bool has_begun_to_answer) {
  const std::string reason = "no answer within " + tell_duration(patience);
  if (has_begun_to_answer) return reason;
  return reason + "; if the server is up, large packets may be lost on the way (lower the MTU)";
}

}  // namespace

asio::awaitable<HandshakeEnd> shake_hands(Connection& connection, std::string host, milliseconds patience,
                                          Sleeper& sleeper) {
  HandshakeEnd end;
  const std::string doing = "TLS with " + host + ": ";
  const std::uint64_t come_before = connection.bytes_come_here();
  const SteadyTime begun = Clock::now();
  SteadyTime woken = begun;
  for (;;) {
    const Io io = connection.handshake();
    // When it came, and not when it was made sense of, which takes longer.
    if (!end.flight && connection.bytes_come_here() > come_before)
      end.flight = std::chrono::duration_cast<microseconds>(woken - begun);
    if (io.state == Io::State::done) break;
    if (io.state == Io::State::closed)
      end.failure = make_failure(Stage::tls, doing + "the server closed the connection in the handshake");
    if (io.state == Io::State::failed) end.failure = make_failure(Stage::tls, doing + connection.error());
    if (end.failure) break;
    const Wake wake = co_await connection.wait(get_interest(io), begun + patience, sleeper);
    woken = Clock::now();
    if (wake == Wake::aborted) end.failure = make_stopping_failure(Stage::tls);
    if (wake == Wake::deadline)
      end.failure = make_timeout(Stage::tls, doing + tell_silence(patience, end.flight.has_value()));
    if (end.failure) break;
  }
  co_return end;
}

}  // namespace reeld
