#pragma once
// A tunnel through an HTTP proxy. Source: RFC 9110, 9.3.6 (CONNECT).

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "net/connection.hpp"
#include "net/exchange.hpp"
#include "net/http_client.hpp"

namespace reeld {

struct TunnelEnd {
  std::optional<Reply> refusal;            // a 4xx: it wants credentials, or connects nobody there
  std::optional<ExchangeFailure> failure;  // neither: the tunnel stands
  std::optional<microseconds> took;  // from the question to the answer: to the server and back, and more
};

/// `connection` is one to the proxy; `target` is "host:port" of the server behind it.
/// The proxy's answer must come within `patience`. Bytes that follow it belong to nobody and condemn the
/// tunnel.
boost::asio::awaitable<TunnelEnd> open_tunnel(Connection& connection, const ProxyAddress& proxy,
                                              std::string target, milliseconds patience, Sleeper& sleeper);

}  // namespace reeld
