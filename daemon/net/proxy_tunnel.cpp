#include "net/proxy_tunnel.hpp"

#include <chrono>

#include "net/reasons.hpp"
#include "net/reply_receiver.hpp"

namespace reeld {

namespace asio = boost::asio;

namespace {

std::string build_connect(const ProxyAddress& proxy, const std::string& target) {
  Headers headers{{"Host", target}};
  if (!proxy.authorization.empty()) headers.emplace_back("Proxy-Authorization", proxy.authorization);
  return build_request_head("CONNECT", target, headers);
}

class Tunnel {
 public:
  Tunnel(Connection& connection, const ProxyAddress& proxy, std::string target, milliseconds patience,
         Sleeper& sleeper)
      : connection_(connection),
        proxy_(proxy),
        name_("the proxy " + join_host_port(proxy.host, proxy.port)),
        target_(std::move(target)),
        patience_(patience),
        deadline_(std::chrono::steady_clock::now() + patience),
        sleeper_(sleeper) {}

  asio::awaitable<TunnelEnd> open();

 private:
  asio::awaitable<void> ask();
  asio::awaitable<void> await_reply();
  asio::awaitable<void> wait(Interest interest);
  void judge(ReadStatus status);
  void judge_reply(Reply reply);
  void fail(const std::string& what) { end_.failure = make_failure(Stage::proxy, name_ + " " + what); }

  Connection& connection_;
  const ProxyAddress& proxy_;
  std::string name_;
  std::string target_;
  milliseconds patience_;
  SteadyTime deadline_;
  Sleeper& sleeper_;
  ReplyReceiver receiver_{true};
  TunnelEnd end_;
};

asio::awaitable<TunnelEnd> Tunnel::open() {
  const SteadyTime begun = std::chrono::steady_clock::now();
  co_await ask();
  if (!end_.failure) co_await await_reply();
  end_.took = std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now() - begun);
  co_return std::move(end_);
}

asio::awaitable<void> Tunnel::ask() {
  const std::string text = build_connect(proxy_, target_);
  auto bytes = std::as_bytes(std::span(text));
  while (!bytes.empty() && !end_.failure) {
    const Io io = connection_.write(bytes);
    if (io.state == Io::State::done) {
      bytes = bytes.subspan(io.count);
    } else if (io.state == Io::State::want_write) {
      co_await wait(Interest::write);
    } else {
      fail("cannot be written to: " + connection_.error());
    }
  }
}

asio::awaitable<void> Tunnel::await_reply() {
  for (;;) {
    co_await wait(Interest::read);
    if (end_.failure) co_return;
    ReadStatus status = receiver_.listen(connection_);
    // Of what no rule can tell the end, nothing is worth waiting for here.
    if (status == ReadStatus::partial) status = receiver_.settle();
    if (status == ReadStatus::nothing || status == ReadStatus::partial) continue;
    judge(status);
    co_return;
  }
}

asio::awaitable<void> Tunnel::wait(Interest interest) {
  const Wake wake = co_await connection_.wait(interest, deadline_, sleeper_);
  if (wake == Wake::aborted) end_.failure = make_stopping_failure(Stage::proxy);
  if (wake != Wake::deadline) co_return;
  fail("did not answer within " + tell_duration(patience_));
  end_.failure->timed_out = true;
}

void Tunnel::judge(ReadStatus status) {
  if (status == ReadStatus::complete) {
    judge_reply(receiver_.take_reply());
  } else if (status == ReadStatus::closed) {
    fail("closed the connection instead of answering CONNECT " + target_);
  } else if (status == ReadStatus::broken) {
    fail("broke the connection instead of answering CONNECT " + target_ + ": " + connection_.error());
  } else {
    end_.failure = make_failure(Stage::proxy, name_ + ": " + receiver_.explain(status, connection_));
  }
}

void Tunnel::judge_reply(Reply reply) {
  const bool is_open = reply.status >= 200 && reply.status < 300;
  if (reply.status >= 400 && reply.status < 500) {
    end_.refusal = std::move(reply);
  } else if (!is_open) {
    fail("answered " + std::to_string(reply.status) + " to CONNECT " + target_);
  } else if (receiver_.has_surplus()) {
    fail("sent bytes behind its answer to CONNECT " + target_ + " that belong to nobody");
  }
}

}  // namespace

asio::awaitable<TunnelEnd> open_tunnel(Connection& connection, const ProxyAddress& proxy, std::string target,
                                       milliseconds patience, Sleeper& sleeper) {
  Tunnel tunnel(connection, proxy, std::move(target), patience, sleeper);
  TunnelEnd end = co_await tunnel.open();
  co_return end;
}

}  // namespace reeld
