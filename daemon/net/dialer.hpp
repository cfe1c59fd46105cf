#pragma once
// From a name to a connected socket. The addresses race: families take turns, the next one is tried after 250
// ms or as soon as the one before has failed, and the first to connect wins.
//
// Threads: the loop's thread only. Errors: a failure names every address and what was wrong with it.
// Source: RFC 8305 (4, 5).

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "async/sleeper.hpp"
#include "core/clock.hpp"
#include "net/connection.hpp"
#include "net/exchange.hpp"
#include "net/resolver.hpp"

namespace reeld {

using DialEnd = std::variant<std::unique_ptr<Connection>, ExchangeFailure>;

class Dialer {
 public:
  /// `connect_timeout`: for each address. The lookup of a name has half a minute, or as long, if that is
  /// more.
  Dialer(boost::asio::any_io_executor executor, milliseconds connect_timeout);

  boost::asio::awaitable<DialEnd> dial(std::string host, std::uint16_t port, Sleeper& sleeper);
  Resolver& resolver() { return resolver_; }
  /// It connects, and is of no use: for the next ten minutes it goes behind those that are not so.
  void distrust(const boost::asio::ip::address& address);

 private:
  Addresses put_in_order(const Addresses& addresses);

  boost::asio::any_io_executor executor_;
  milliseconds connect_timeout_;
  Resolver resolver_;
  std::map<boost::asio::ip::address, SteadyTime> distrusted_;  // since when
};

/// Families take turns, beginning with that of the first address; the order within each stays (RFC 8305, 4).
Addresses interleave_families(const Addresses& addresses);

}  // namespace reeld
