#pragma once
// The owner of coroutines: it starts them, counts them, and says when all have ended.
//
// Lifetime: a member of the object that its coroutines refer to, declared last; asserts on destruction that
// none is left. Errors: an exception that leaves a coroutine is a bug, or memory that has run out; nobody can
// say what it has left half done. It comes out of the loop's `run` as a TaskFault; who runs the loop ends the
// process.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <string_view>
#include <utility>

namespace reeld {

/// A coroutine that has ended by an exception. Made without memory of its own: there may be none.
class TaskFault : public std::exception {
 public:
  TaskFault(std::string_view name, std::exception_ptr cause) : task(name), failure(std::move(cause)) {}
  const char* what() const noexcept override { return "a task has ended by an exception"; }
  std::string_view task;
  std::exception_ptr failure;
};

class TaskGroup {
 public:
  using OnEmpty = std::function<void()>;

  TaskGroup(boost::asio::any_io_executor executor, OnEmpty on_empty);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// `name` is a literal.
  void spawn(std::string_view name, boost::asio::awaitable<void> task);
  std::size_t running() const { return running_; }

 private:
  boost::asio::any_io_executor executor_;
  OnEmpty on_empty_;
  std::size_t running_ = 0;
};

}  // namespace reeld
