#pragma once
// The owner of coroutines: it starts them, counts them, and says when all have ended.
//
// Lifetime: a member of the object that its coroutines refer to, declared last; asserts on destruction that
// none is left. Errors: an exception that leaves a coroutine is a bug; it goes to `on_failure` with the
// coroutine's name.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>

namespace reeld {

class TaskGroup {
 public:
  using OnFailure = std::function<void(std::string_view name, std::exception_ptr failure)>;
  using OnEmpty = std::function<void()>;

  TaskGroup(boost::asio::any_io_executor executor, OnFailure on_failure, OnEmpty on_empty);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// `name` is a literal.
  void spawn(std::string_view name, boost::asio::awaitable<void> task);
  std::size_t running() const { return running_; }

 private:
  boost::asio::any_io_executor executor_;
  OnFailure on_failure_;
  OnEmpty on_empty_;
  std::size_t running_ = 0;
};

}  // namespace reeld
