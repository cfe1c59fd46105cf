#pragma once
// Names to addresses, remembered for 30 seconds.
//
// A lookup cannot be cancelled, so nobody here waits for one longer than they want to: it goes on by itself,
// and its answer serves whoever asks next. One lookup of a name is under way at a time, however many wait for
// it. Threads: the loop's thread only. Errors: in words.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <map>
#include <memory>
#include <string>
#include <variant>

#include "async/sleeper.hpp"
#include "core/clock.hpp"
#include "net/exchange.hpp"
#include "net/name_lookup.hpp"

namespace reeld {

class Resolver {
 public:
  explicit Resolver(boost::asio::any_io_executor executor)
      : queue_(std::make_shared<LookupQueue>(std::move(executor))) {}
  ~Resolver() { queue_->close(); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

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

  std::shared_ptr<LookupQueue> queue_;
  std::map<std::string, std::shared_ptr<Lookup>> lookups_;
};

}  // namespace reeld
