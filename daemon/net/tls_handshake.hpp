#pragma once
// A handshake over a connection that has begun TLS, and what it tells of the distance: the server alone
// answers it, whatever proxy or relay has answered for it before.

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "net/connection.hpp"
#include "net/exchange.hpp"

namespace reeld {

struct HandshakeEnd {
  std::optional<ExchangeFailure> failure;  // none: the peer is verified
  std::optional<microseconds> flight;      // from our first flight to the first bytes of its answer
};

/// `host` is for the failure's words. The whole of it must be over within `patience`.
boost::asio::awaitable<HandshakeEnd> shake_hands(Connection& connection, std::string host,
                                                 milliseconds patience, Sleeper& sleeper);

}  // namespace reeld
