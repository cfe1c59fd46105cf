#include "net/route.hpp"

#include <chrono>

#include "net/proxy_tunnel.hpp"
#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;

Route::Route(const asio::any_io_executor& executor, ClientOptions options)
    : executor_(executor),
      options_(std::move(options)),
      tls_(options_.tls ? std::make_unique<TlsContext>(options_.host, options_.ca_file) : nullptr),
      dialer_(executor, options_.connect_timeout),
      pool_(executor, options_.reuse_idle) {}

std::string Route::target() const {
  return join_host_port(options_.host, options_.port);
}

asio::awaitable<Arrival> Route::connect(Sleeper& sleeper) {
  Arrival arrival;
  DialEnd dialed = co_await dial_first_hop(sleeper);
  if (auto* failure = std::get_if<ExchangeFailure>(&dialed)) {
    arrival.failure = tell_hop(std::move(*failure));
    co_return arrival;
  }
  arrival.connection = std::move(std::get<std::unique_ptr<Connection>>(dialed));
  arrival.peer = arrival.connection->peer();
  if (options_.proxy) {
    TunnelEnd tunnel = co_await open_tunnel(*arrival.connection, *options_.proxy, target(),
                                            options_.connect_timeout, sleeper);
    arrival.proxy_refusal = std::move(tunnel.refusal);
    arrival.failure = std::move(tunnel.failure);
  }
  if (tls_ && !arrival.proxy_refusal && !arrival.failure)
    arrival.failure = co_await shake_hands(*arrival.connection, sleeper);
  if (arrival.proxy_refusal || arrival.failure) arrival.connection.reset();
  co_return arrival;
}

ExchangeFailure Route::tell_hop(ExchangeFailure failure) const {
  if (!options_.proxy) return failure;
  failure.reason = "reach the proxy: " + failure.reason;
  failure.stage = Stage::proxy;
  return failure;
}

asio::awaitable<DialEnd> Route::dial_first_hop(Sleeper& sleeper) {
  const std::string& host = options_.proxy ? options_.proxy->host : options_.host;
  const std::uint16_t port = options_.proxy ? options_.proxy->port : options_.port;
  return dialer_.dial(host, port, sleeper);
}

asio::awaitable<std::optional<ExchangeFailure>> Route::shake_hands(Connection& connection, Sleeper& sleeper) {
  const std::string doing = "TLS with " + options_.host + ": ";
  const SteadyTime deadline = std::chrono::steady_clock::now() + options_.connect_timeout;
  connection.begin_tls(*tls_);
  for (;;) {
    const Io io = connection.handshake();
    if (io.state == Io::State::done) co_return std::nullopt;
    if (io.state == Io::State::closed)
      co_return make_failure(Stage::tls, doing + "the server closed the connection in the handshake");
    if (io.state == Io::State::failed) co_return make_failure(Stage::tls, doing + connection.error());
    const Wake wake = co_await connection.wait(get_interest(io), deadline, sleeper);
    if (wake == Wake::aborted) co_return make_stopping_failure(Stage::tls);
    if (wake == Wake::deadline)
      co_return make_timeout(Stage::tls,
                             doing + "no answer within " + tell_duration(options_.connect_timeout));
  }
}

}  // namespace reeld
