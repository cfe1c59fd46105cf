#include "async/rests.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace reeld {

boost::asio::awaitable<void> Rests::rest(milliseconds pause) {
  if (is_stopped_) co_return;
  boost::asio::steady_timer timer(loop_, pause);
  timers_.insert(&timer);
  const auto [error] = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
  static_cast<void>(error);  // cancelled or due: either way it is time to go on
  timers_.erase(&timer);
}

void Rests::stop() {
  is_stopped_ = true;
  for (boost::asio::steady_timer* const timer : timers_) timer->cancel();
}

}  // namespace reeld
