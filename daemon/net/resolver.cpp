#include "net/resolver.hpp"

#include <algorithm>
#include <chrono>

#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;

namespace {
constexpr auto memory_span = std::chrono::seconds(30);
}

struct Resolver::Lookup {
  bool is_stale() const {
    return done && (!answer.error.empty() || std::chrono::steady_clock::now() >= best_before);
  }

  void finish(LookupAnswer found) {
    answer = std::move(found);
    best_before = std::chrono::steady_clock::now() + memory_span;
    done = true;
    for (Sleeper* sleeper : waiting) sleeper->wake();
  }

  bool done = false;
  LookupAnswer answer;
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
  if (!lookup->answer.error.empty())
    co_return make_failure(Stage::resolve, "resolve " + host + ": " + lookup->answer.error);
  if (lookup->answer.addresses.empty())
    co_return make_failure(Stage::resolve, "resolve " + host + ": it has no address");
  co_return lookup->answer.addresses;
}

std::shared_ptr<Resolver::Lookup> Resolver::find_lookup(const std::string& host) {
  const auto known = lookups_.find(host);
  if (known != lookups_.end() && !known->second->is_stale()) return known->second;
  return start_lookup(host);
}

std::shared_ptr<Resolver::Lookup> Resolver::start_lookup(const std::string& host) {
  auto lookup = std::make_shared<Lookup>();
  lookups_.insert_or_assign(host, lookup);
  look_up_name(queue_, host, [lookup](LookupAnswer answer) { lookup->finish(std::move(answer)); });
  return lookup;
}

void Resolver::remember(const std::string& host, Addresses addresses) {
  auto lookup = std::make_shared<Lookup>();
  LookupAnswer answer;
  answer.addresses = std::move(addresses);
  lookup->finish(std::move(answer));
  lookups_.insert_or_assign(host, std::move(lookup));
}

void Resolver::forget(const std::string& host) {
  const auto known = lookups_.find(host);
  if (known != lookups_.end() && known->second->done) lookups_.erase(known);
}

}  // namespace reeld
