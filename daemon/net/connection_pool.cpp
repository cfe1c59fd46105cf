#include "net/connection_pool.hpp"

#include <chrono>

namespace reeld {

struct ConnectionPool::State {
  struct Idle {
    std::shared_ptr<Connection> connection;
    SteadyTime close_at;
  };

  State(const boost::asio::any_io_executor& executor, milliseconds limit)
      : timer(executor), idle_limit(limit) {}

  void close_expired(SteadyTime now) {
    while (!idle.empty() && idle.front().close_at <= now) {
      idle.front().connection->close_politely();
      idle.pop_front();
    }
  }

  void close_all() {
    for (Idle& each : idle) each.connection->close_politely();
    idle.clear();
    timer.cancel();
  }

  static void arm(const std::shared_ptr<State>& self) {
    if (self->armed || self->idle.empty()) return;
    self->armed = true;
    self->timer.expires_at(self->idle.front().close_at);
    self->timer.async_wait([self](boost::system::error_code) {
      self->armed = false;
      self->close_expired(std::chrono::steady_clock::now());
      arm(self);
    });
  }

  std::deque<Idle> idle;  // the hottest last
  boost::asio::steady_timer timer;
  milliseconds idle_limit;
  bool armed = false;
};

ConnectionPool::ConnectionPool(const boost::asio::any_io_executor& executor, milliseconds idle_limit)
    : state_(std::make_shared<State>(executor, idle_limit)) {}

ConnectionPool::~ConnectionPool() {
  close_all();
}

std::shared_ptr<Connection> ConnectionPool::take() {
  state_->close_expired(std::chrono::steady_clock::now());
  while (!state_->idle.empty()) {
    std::shared_ptr<Connection> hottest = std::move(state_->idle.back().connection);
    state_->idle.pop_back();
    if (hottest->is_clean()) return hottest;
  }
  return nullptr;
}

void ConnectionPool::put(std::shared_ptr<Connection> connection) {
  const SteadyTime close_at = std::chrono::steady_clock::now() + state_->idle_limit;
  state_->idle.push_back({std::move(connection), close_at});
  State::arm(state_);
}

void ConnectionPool::close_all() {
  state_->close_all();
}

}  // namespace reeld
