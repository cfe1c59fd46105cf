#pragma once
// What one coroutine waits for and another ends: at most one waits at a time.
//
// Lifetime: shared by both. Threads: the loop's.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

namespace reeld {

struct Waiter {
  std::function<void()> wake{};  // who waits, if anybody does
};

/// Until `wake_up` is called for it.
boost::asio::awaitable<void> wait_for(std::shared_ptr<Waiter> waiter);

/// Who waits goes on in a turn of the loop of its own. Nobody need wait.
void wake_up(Waiter& waiter, const boost::asio::any_io_executor& loop);

}  // namespace reeld
