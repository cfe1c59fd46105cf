#pragma once
// The way to one API: name, proxy, TLS, and the connections that are still hot.
//
// Threads: the loop's thread only. Errors: the constructor throws std::runtime_error, naming the CA file.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>

#include "net/connection.hpp"
#include "net/connection_pool.hpp"
#include "net/dialer.hpp"
#include "net/http_client.hpp"
#include "net/tls_context.hpp"

namespace reeld {

/// One of connection, refusal and failure.
struct Arrival {
  std::unique_ptr<Connection> connection;
  std::optional<Reply> proxy_refusal;
  std::optional<ExchangeFailure> failure;
  std::string peer;  // once connected; that of the proxy where there is one
};

class Route {
 public:
  Route(const boost::asio::any_io_executor& executor, ClientOptions options);
  Route(const Route&) = delete;
  Route& operator=(const Route&) = delete;

  /// A fresh connection: resolved, connected, through the proxy if there is one, and with the peer verified.
  boost::asio::awaitable<Arrival> connect(Sleeper& sleeper);
  ConnectionPool& pool() { return pool_; }
  /// Its address goes behind the others.
  void distrust(const Connection& connection) { dialer_.distrust(connection.address()); }
  const ClientOptions& options() const { return options_; }
  const boost::asio::any_io_executor& executor() const { return executor_; }

 private:
  boost::asio::awaitable<DialEnd> dial_first_hop(Sleeper& sleeper);
  std::string target() const;
  ExchangeFailure tell_hop(ExchangeFailure failure) const;

  boost::asio::any_io_executor executor_;
  ClientOptions options_;
  std::unique_ptr<TlsContext> tls_;  // none for plain http
  Dialer dialer_;
  ConnectionPool pool_;  // after the context, which its connections use
};

}  // namespace reeld
