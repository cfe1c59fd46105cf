#include "async/sleeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace reeld {

namespace asio = boost::asio;

asio::awaitable<void> Sleeper::sleep_until(SteadyTime deadline) {
  if (!woken_) {
    timer_.expires_at(deadline);
    co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  woken_ = false;
}

void Sleeper::wake() {
  woken_ = true;
  timer_.cancel();
}

void Sleeper::abort() {
  aborted_ = true;
  wake();
}

}  // namespace reeld
