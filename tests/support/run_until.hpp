#pragma once
// A loop run until something has happened.

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

namespace reeld::test {

/// Runs the loop until the condition holds; false if it still does not after a long time.
inline bool run_until(boost::asio::io_context& loop, const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    loop.restart();
    loop.run_one_for(std::chrono::milliseconds(50));
  }
  return true;
}

}  // namespace reeld::test
