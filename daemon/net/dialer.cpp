#include "net/dialer.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <optional>
#include <vector>

#include "net/reasons.hpp"

namespace reeld {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr milliseconds head_start{250};
// What the system's own settings make of a name server that does not answer is 20 to 30 seconds.
constexpr milliseconds resolve_patience{30'000};
constexpr std::chrono::minutes distrust_lasts{10};

struct Runner {
  enum class State { waiting, running, failed, connected };

  Runner(const asio::any_io_executor& executor, tcp::endpoint where) : endpoint(where), socket(executor) {}

  void fail(std::string why) {
    state = State::failed;
    reason = std::move(why);
    boost::system::error_code ignored;
    socket.close(ignored);
  }

  tcp::endpoint endpoint;
  tcp::socket socket;
  State state = State::waiting;
  SteadyTime deadline;
  std::string reason;
  bool timed_out = false;
};

/// Shared with the handlers of the connects under way, which may come after the race is over.
class Race : public std::enable_shared_from_this<Race> {
 public:
  Race(const asio::any_io_executor& executor, const Addresses& addresses, std::uint16_t port,
       milliseconds timeout)
      : timeout_(timeout) {
    for (const auto& address : addresses) runners_.emplace_back(executor, tcp::endpoint(address, port));
  }

  asio::awaitable<void> run(Sleeper& sleeper);
  std::optional<tcp::socket> take_winner();
  ExchangeFailure explain(const std::string& host, std::uint16_t port) const;
  void close();

 private:
  bool is_decided() const;
  void start_due_runners();
  void start_next();
  void finish(std::size_t index, boost::system::error_code error);
  void expire_runners();
  SteadyTime next_event() const;
  bool is_anyone_running() const;

  std::vector<Runner> runners_;
  std::size_t next_ = 0;
  SteadyTime next_start_;
  milliseconds timeout_;
  Sleeper* sleeper_ = nullptr;
};

asio::awaitable<void> Race::run(Sleeper& sleeper) {
  const auto self = shared_from_this();
  sleeper_ = &sleeper;
  next_start_ = std::chrono::steady_clock::now();
  for (;;) {
    expire_runners();
    start_due_runners();
    if (is_decided() || sleeper.is_aborted()) break;
    co_await sleeper.sleep_until(next_event());
  }
  sleeper_ = nullptr;
}

bool Race::is_decided() const {
  const auto is = [](Runner::State state) {
    return [state](const Runner& runner) { return runner.state == state; };
  };
  return std::any_of(runners_.begin(), runners_.end(), is(Runner::State::connected)) ||
         std::all_of(runners_.begin(), runners_.end(), is(Runner::State::failed));
}

bool Race::is_anyone_running() const {
  return std::any_of(runners_.begin(), runners_.end(),
                     [](const Runner& runner) { return runner.state == Runner::State::running; });
}

void Race::start_due_runners() {
  while (next_ < runners_.size() && !is_decided() &&
         (!is_anyone_running() || std::chrono::steady_clock::now() >= next_start_))
    start_next();
}

void Race::start_next() {
  const std::size_t index = next_++;
  Runner& runner = runners_[index];
  const SteadyTime now = std::chrono::steady_clock::now();
  runner.state = Runner::State::running;
  runner.deadline = now + timeout_;
  next_start_ = now + head_start;
  runner.socket.async_connect(
      runner.endpoint,
      [self = shared_from_this(), index](boost::system::error_code error) { self->finish(index, error); });
}

void Race::finish(std::size_t index, boost::system::error_code error) {
  Runner& runner = runners_[index];
  if (runner.state != Runner::State::running) return;
  if (error) {
    runner.fail(error.message());
    // The one behind need not wait out a start that has already failed.
    next_start_ = std::chrono::steady_clock::now();
  } else {
    runner.state = Runner::State::connected;
  }
  if (sleeper_ != nullptr) sleeper_->wake();
}

void Race::expire_runners() {
  const SteadyTime now = std::chrono::steady_clock::now();
  for (Runner& runner : runners_) {
    if (runner.state != Runner::State::running || now < runner.deadline) continue;
    runner.timed_out = true;
    runner.fail("no answer within " + tell_duration(timeout_));
  }
}

SteadyTime Race::next_event() const {
  SteadyTime next = next_ < runners_.size() ? next_start_ : SteadyTime::max();
  for (const Runner& runner : runners_)
    if (runner.state == Runner::State::running) next = std::min(next, runner.deadline);
  return next;
}

std::optional<tcp::socket> Race::take_winner() {
  for (Runner& runner : runners_)
    if (runner.state == Runner::State::connected) return std::move(runner.socket);
  return std::nullopt;
}

void Race::close() {
  sleeper_ = nullptr;
  for (Runner& runner : runners_)
    if (runner.state == Runner::State::running) runner.fail("");
}

ExchangeFailure Race::explain(const std::string& host, std::uint16_t port) const {
  const Runner& first = runners_.front();
  if (runners_.size() == 1) {
    const std::string address = first.endpoint.address().to_string();
    const std::string name = address == host ? "" : " (" + host + ")";
    return {Stage::connect, "connect to " + join_host_port(address, port) + name + ": " + first.reason,
            first.timed_out};
  }
  std::string reason = "connect to " + join_host_port(host, port);
  bool all_timed_out = true;
  for (const Runner& runner : runners_) {
    reason +=
        (&runner == &first ? ": " : "; ") + runner.endpoint.address().to_string() + ": " + runner.reason;
    all_timed_out = all_timed_out && runner.timed_out;
  }
  return {Stage::connect, reason, all_timed_out};
}

/// However the coroutine ends, nothing of the race goes on.
class RaceEnd {
 public:
  explicit RaceEnd(Race& race) : race_(race) {}
  ~RaceEnd() { race_.close(); }
  RaceEnd(const RaceEnd&) = delete;
  RaceEnd& operator=(const RaceEnd&) = delete;

 private:
  Race& race_;
};

// An answer may take minutes, in which nothing is sent: what stands between must not forget the connection,
// and a peer that is gone must be found out.
void keep_alive(int socket) {
  constexpr int on = 1;
  constexpr int after = 30;  // seconds
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &after, sizeof after);
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &after, sizeof after);
}

std::unique_ptr<Connection> make_connection(tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  keep_alive(socket.native_handle());
  return std::make_unique<Connection>(std::move(socket));
}

}  // namespace

Addresses interleave_families(const Addresses& addresses) {
  Addresses turns[2];
  for (const auto& address : addresses)
    turns[address.is_v6() == addresses.front().is_v6() ? 0 : 1].push_back(address);
  Addresses ordered;
  for (std::size_t i = 0; ordered.size() < addresses.size(); ++i)
    for (const Addresses& family : turns)
      if (i < family.size()) ordered.push_back(family[i]);
  return ordered;
}

Dialer::Dialer(asio::any_io_executor executor, milliseconds connect_timeout)
    : executor_(std::move(executor)), connect_timeout_(connect_timeout), resolver_(executor_) {}

void Dialer::distrust(const asio::ip::address& address) {
  distrusted_[address] = std::chrono::steady_clock::now();
}

// The longer ago one has failed, the sooner it has its chance again.
Addresses Dialer::put_in_order(const Addresses& addresses) {
  const SteadyTime now = std::chrono::steady_clock::now();
  std::erase_if(distrusted_, [now](const auto& entry) { return now - entry.second >= distrust_lasts; });
  Addresses ordered = interleave_families(addresses);
  const auto get_time = [this](const asio::ip::address& address) {
    const auto found = distrusted_.find(address);
    return found == distrusted_.end() ? SteadyTime::min() : found->second;
  };
  std::stable_sort(ordered.begin(), ordered.end(),
                   [&](const auto& one, const auto& other) { return get_time(one) < get_time(other); });
  return ordered;
}

asio::awaitable<DialEnd> Dialer::dial(std::string host, std::uint16_t port, Sleeper& sleeper) {
  auto resolved = co_await resolver_.resolve(host, std::max(connect_timeout_, resolve_patience), sleeper);
  if (auto* failure = std::get_if<ExchangeFailure>(&resolved)) co_return std::move(*failure);
  const Addresses addresses = put_in_order(std::get<Addresses>(resolved));
  const auto race = std::make_shared<Race>(executor_, addresses, port, connect_timeout_);
  const RaceEnd end(*race);
  co_await race->run(sleeper);
  if (sleeper.is_aborted()) co_return make_stopping_failure(Stage::connect);
  std::optional<tcp::socket> winner = race->take_winner();
  if (winner) co_return make_connection(std::move(*winner));
  resolver_.forget(host);
  co_return race->explain(host, port);
}

}  // namespace reeld
