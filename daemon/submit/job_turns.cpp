#include "submit/job_turns.hpp"

#include <utility>

namespace reeld {

boost::asio::awaitable<std::unique_ptr<JobTurns::Turn>> JobTurns::take(std::int64_t job) {
  const auto [queue, is_first] = waiting_.try_emplace(job);
  if (!is_first) {
    auto waiter = std::make_shared<Waiter>();
    queue->second.push_back(waiter);
    co_await wait_for(std::move(waiter));
  }
  co_return std::make_unique<Turn>(*this, job);
}

/// The entry stays for whoever is next: nobody comes between.
void JobTurns::pass_on(std::int64_t job) {
  const auto queue = waiting_.find(job);
  if (queue->second.empty()) {
    waiting_.erase(queue);
    return;
  }
  const std::shared_ptr<Waiter> next = std::move(queue->second.front());
  queue->second.pop_front();
  wake_up(*next, loop_);
}

}  // namespace reeld
