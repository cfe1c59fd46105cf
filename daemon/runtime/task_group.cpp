#include "runtime/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <cassert>
#include <utility>

namespace reeld {

TaskGroup::TaskGroup(boost::asio::any_io_executor executor, OnEmpty on_empty)
    : executor_(std::move(executor)), on_empty_(std::move(on_empty)) {}

TaskGroup::~TaskGroup() {
  assert(running_ == 0 && "a coroutine has outlived its owner");
}

void TaskGroup::spawn(std::string_view name, boost::asio::awaitable<void> task) {
  ++running_;
  boost::asio::co_spawn(executor_, std::move(task), [this, name](std::exception_ptr failure) {
    --running_;
    if (running_ == 0) on_empty_();
    if (failure) throw TaskFault(name, failure);
  });
}

}  // namespace reeld
