#pragma once
// Blocking work (fsync, cold reads) off the loop's thread: copied in, done, and brought back to the loop.
//
// Threads: awaited on the loop; `work` runs on a worker and must touch values of its own only.
// Errors: an exception of `work` comes out of the await.

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

namespace reeld {

/// Call it with a named closure that is moved in: GCC 12 destroys a closure made within the await twice.
template <class Work>
auto offload(boost::asio::thread_pool& workers, Work work) -> boost::asio::awaitable<decltype(work())> {
  using Result = decltype(work());
  namespace asio = boost::asio;
  auto start = [&workers](auto handler, Work job) {
    auto loop = asio::get_associated_executor(handler);
    // The loop must not run dry while a worker still owes it an answer.
    auto guard = asio::make_work_guard(loop);
    asio::post(workers, [handler = std::move(handler), job = std::move(job), loop,
                         guard = std::move(guard)]() mutable {
      std::exception_ptr failure;
      Result result{};
      try {
        result = job();
      } catch (...) {
        failure = std::current_exception();
      }
      // Nothing of it stays here: its last owner is the loop.
      asio::post(loop,
                 [handler = std::move(handler), failure = std::move(failure),
                  result = std::move(result)]() mutable { std::move(handler)(failure, std::move(result)); });
    });
  };
  auto operation = asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, Result)>(
      start, asio::use_awaitable, std::move(work));
  return operation;
}

}  // namespace reeld
