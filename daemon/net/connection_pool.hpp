#pragma once
// The connections that are still hot: idle for less than `idle_limit`.
//
// Threads: the loop's thread only.
// Cost: one timer, armed when a connection is put back and none is armed; it goes quiet by itself once
// nothing is idle.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>

#include "core/clock.hpp"
#include "net/connection.hpp"

namespace reeld {

class ConnectionPool {
 public:
  ConnectionPool(const boost::asio::any_io_executor& executor, milliseconds idle_limit);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  /// The hottest connection that nothing has happened to; null where there is none.
  std::shared_ptr<Connection> take();
  void put(std::shared_ptr<Connection> connection);
  /// Closes them all and drops the timer, so that the loop can end.
  void close_all();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace reeld
