#include "async/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <cassert>
#include <new>
#include <utility>

namespace reeld {

TaskGroup::TaskGroup(boost::asio::any_io_executor executor, OnEmpty on_empty)
    : executor_(std::move(executor)), on_empty_(std::move(on_empty)) {}

TaskGroup::~TaskGroup() {
  assert(running_ == 0 && "a coroutine has outlived its owner");
}

void TaskGroup::spawn(std::string_view name, boost::asio::awaitable<void> task) {
  ++running_;
  const auto on_end = [this, name](std::exception_ptr failure) {
    --running_;
    if (running_ == 0) on_empty_();
    if (failure) throw TaskFault(name, failure);
  };
  try {
    boost::asio::co_spawn(executor_, std::move(task), on_end);
  } catch (const std::bad_alloc&) {
    --running_;  // it has not begun
    throw;
  }
}

}  // namespace reeld
