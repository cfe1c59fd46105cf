#include "stub_api/server.hpp"

#include <poll.h>

namespace reeld::stub {

void Server::run(int signal_fd) {
  pollfd waited[] = {{signal_fd, POLLIN, 0}, {listener_.socket(), POLLIN, 0}};
  while (true) {
    if (::poll(waited, 2, -1) < 0) continue;
    if (waited[0].revents != 0) break;
    accept_one();
    join_ended();
  }
  end_all();
}

void Server::accept_one() {
  auto stream = listener_.accept();
  if (!stream) return;
  Connection& connection = connections_.emplace_back();
  connection.stream = std::move(stream);
  connection.thread = std::thread([this, &connection, number = ++count_] { serve(connection, number); });
}

void Server::serve(Connection& connection, std::uint64_t number) {
  if (connection.stream->accept_tls()) {
    Session session(*connection.stream, service_, number);
    session.run();
  }
  const std::lock_guard lock(mutex_);
  connection.stream.reset();
}

void Server::join_ended() {
  const auto has_ended = [this](Connection& connection) {
    const std::lock_guard lock(mutex_);
    return connection.stream == nullptr;
  };
  for (auto it = connections_.begin(); it != connections_.end();) {
    if (has_ended(*it)) {
      it->thread.join();
      it = connections_.erase(it);
    } else {
      ++it;
    }
  }
}

void Server::end_all() {
  service_.stop.set();
  for (Connection& connection : connections_) {
    const std::lock_guard lock(mutex_);
    if (connection.stream) connection.stream->interrupt();
  }
  for (Connection& connection : connections_) connection.thread.join();
}

}  // namespace reeld::stub
