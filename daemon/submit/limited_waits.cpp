#include "submit/limited_waits.hpp"

#include <utility>

#include "async/steady_now.hpp"

namespace reeld {
namespace {

constexpr milliseconds limit{500};

}  // namespace

LimitedWaits::LimitedWaits(boost::asio::any_io_executor loop)
    : loop_(std::move(loop)), timer_(loop_, [this] { on_due(); }) {}

boost::asio::awaitable<bool> LimitedWaits::wait(std::shared_ptr<LedgerWrite> write) {
  if (write->is_done) co_return true;
  waits_.push_back({write, steady_now() + limit});
  arm();
  co_await wait_for(write);
  co_return write->is_done;
}

void LimitedWaits::arm() {
  while (!waits_.empty() && waits_.front().write.expired()) waits_.pop_front();
  if (!waits_.empty()) timer_.set(waits_.front().due);
}

void LimitedWaits::on_due() {
  const SteadyTime now = steady_now();
  for (; !waits_.empty() && waits_.front().due <= now; waits_.pop_front()) {
    const auto write = waits_.front().write.lock();
    if (write && !write->is_done) wake_up(*write, loop_);
  }
  arm();
}

}  // namespace reeld
