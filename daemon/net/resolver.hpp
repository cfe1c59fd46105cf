#pragma once
// Names to addresses, remembered for 30 seconds.
//
// getaddrinfo cannot be cancelled, so nobody here waits for it longer than they want to: the lookup goes on
// by itself, and its answer serves whoever asks next. One lookup of a name is under way at a time, however
// many wait for it. Threads: the loop's thread only. Errors: in words.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "net/exchange.hpp"
#include "net/sleeper.hpp"

namespace reeld {

using Addresses = std::vector<boost::asio::ip::address>;

class Resolver {
 public:
  explicit Resolver(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// The addresses, in the system's order (RFC 6724); an address stands for itself. Waits `patience` at most.
  boost::asio::awaitable<std::variant<Addresses, ExchangeFailure>> resolve(std::string host,
                                                                           milliseconds patience,
                                                                           Sleeper& sleeper);
  /// Answers that name with these addresses for the next 30 seconds.
  void remember(const std::string& host, Addresses addresses);
  /// The next question asks the system again.
  void forget(const std::string& host);

 private:
  struct Lookup;
  std::shared_ptr<Lookup> find_lookup(const std::string& host);
  std::shared_ptr<Lookup> start_lookup(const std::string& host);

  boost::asio::any_io_executor executor_;
  std::map<std::string, std::shared_ptr<Lookup>> lookups_;
};

}  // namespace reeld
