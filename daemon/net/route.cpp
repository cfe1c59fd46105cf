#include "net/route.hpp"

#include "net/proxy_tunnel.hpp"
#include "net/reasons.hpp"
#include "net/tls_handshake.hpp"

namespace reeld {

namespace asio = boost::asio;

Route::Route(const asio::any_io_executor& executor, ClientOptions options)
    : executor_(executor),
      options_(std::move(options)),
      tls_(options_.tls ? std::make_unique<TlsContext>(options_.host, options_.ca_file, options_.certificate)
                        : nullptr),
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
  std::optional<microseconds> answered;
  if (options_.proxy) {
    TunnelEnd tunnel = co_await open_tunnel(*arrival.connection, *options_.proxy, target(),
                                            options_.connect_timeout, sleeper);
    arrival.proxy_refusal = std::move(tunnel.refusal);
    arrival.failure = std::move(tunnel.failure);
    answered = tunnel.took;
  }
  if (tls_ && !arrival.proxy_refusal && !arrival.failure) {
    arrival.connection->begin_tls(*tls_);
    HandshakeEnd shaken =
        co_await shake_hands(*arrival.connection, options_.host, options_.connect_timeout, sleeper);
    arrival.failure = std::move(shaken.failure);
    answered = shaken.flight;
  }
  if (arrival.failure && !sleeper.is_aborted()) distrust(*arrival.connection);
  if (arrival.proxy_refusal || arrival.failure) {
    arrival.connection.reset();
  } else {
    arrival.connection->measure_path(answered, options_.proxy.has_value());
  }
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

}  // namespace reeld
