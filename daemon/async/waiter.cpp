#include "async/waiter.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace reeld {

namespace asio = boost::asio;

asio::awaitable<void> wait_for(std::shared_ptr<Waiter> waiter) {
  auto start = [](auto handler, std::shared_ptr<Waiter> awaited) {
    // Shared, for a std::function has to be copyable.
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));
    awaited->wake = [shared] { std::move (*shared)(); };
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(start, asio::use_awaitable, waiter);
}

void wake_up(Waiter& waiter, const asio::any_io_executor& loop) {
  if (waiter.wake) asio::post(loop, std::exchange(waiter.wake, nullptr));
}

}  // namespace reeld
