#include "net/resolver.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>

#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {
constexpr auto memory_span = std::chrono::seconds(30);
}

struct Resolver::Lookup {
  explicit Lookup(const asio::any_io_executor& executor) : resolver(executor) {}

  bool is_stale() const { return done && (error || std::chrono::steady_clock::now() >= best_before); }

  void finish(Addresses found) {
    addresses = std::move(found);
    best_before = std::chrono::steady_clock::now() + memory_span;
    done = true;
    for (Sleeper* sleeper : waiting) sleeper->wake();
  }

  tcp::resolver resolver;
  bool done = false;
  boost::system::error_code error;
  Addresses addresses;
  SteadyTime best_before;
  std::vector<Sleeper*> waiting;
};

namespace {

/// Stands in the queue of those whom a lookup wakes.
class Place {
 public:
  Place(std::vector<Sleeper*>& queue, Sleeper& sleeper) : queue_(queue), sleeper_(&sleeper) {
    queue_.push_back(sleeper_);
  }
  ~Place() { std::erase(queue_, sleeper_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::vector<Sleeper*>& queue_;
  Sleeper* sleeper_;
};

Addresses collect_addresses(const tcp::resolver::results_type& results) {
  Addresses addresses;
  for (const auto& entry : results) {
    const asio::ip::address address = entry.endpoint().address();
    if (std::find(addresses.begin(), addresses.end(), address) == addresses.end())
      addresses.push_back(address);
  }
  return addresses;
}

}  // namespace

asio::awaitable<std::variant<Addresses, ExchangeFailure>> Resolver::resolve(std::string host,
                                                                            milliseconds patience,
                                                                            Sleeper& sleeper) {
  boost::system::error_code no_address;
  const asio::ip::address literal = asio::ip::make_address(host, no_address);
  if (!no_address) co_return Addresses(1, literal);
  const std::shared_ptr<Lookup> lookup = find_lookup(host);
  const SteadyTime deadline = std::chrono::steady_clock::now() + patience;
  const Place place(lookup->waiting, sleeper);
  while (!lookup->done) {
    if (sleeper.is_aborted()) co_return make_stopping_failure(Stage::resolve);
    if (std::chrono::steady_clock::now() >= deadline)
      co_return make_timeout(Stage::resolve,
                             "resolve " + host + ": no answer within " + tell_duration(patience));
    co_await sleeper.sleep_until(deadline);
  }
  if (lookup->error)
    co_return make_failure(Stage::resolve, "resolve " + host + ": " + lookup->error.message());
  if (lookup->addresses.empty())
    co_return make_failure(Stage::resolve, "resolve " + host + ": it has no address");
  co_return lookup->addresses;
}

std::shared_ptr<Resolver::Lookup> Resolver::find_lookup(const std::string& host) {
  const auto known = lookups_.find(host);
  if (known != lookups_.end() && !known->second->is_stale()) return known->second;
  return start_lookup(host);
}

std::shared_ptr<Resolver::Lookup> Resolver::start_lookup(const std::string& host) {
  auto lookup = std::make_shared<Lookup>(executor_);
  lookups_.insert_or_assign(host, lookup);
  lookup->resolver.async_resolve(host, "", [lookup](boost::system::error_code error, const auto& results) {
    lookup->error = error;
    lookup->finish(collect_addresses(results));
  });
  return lookup;
}

void Resolver::remember(const std::string& host, Addresses addresses) {
  auto lookup = std::make_shared<Lookup>(executor_);
  lookup->finish(std::move(addresses));
  lookups_.insert_or_assign(host, std::move(lookup));
}

void Resolver::forget(const std::string& host) {
  const auto known = lookups_.find(host);
  if (known != lookups_.end() && known->second->done) lookups_.erase(known);
}

}  // namespace reeld
