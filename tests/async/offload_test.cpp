#include "async/offload.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "async/task_group.hpp"

namespace reeld {
namespace {

struct Fixture {
  boost::asio::io_context loop{1};
  boost::asio::thread_pool workers{1};
  int times_empty = 0;
  TaskGroup tasks{loop.get_executor(), [this] { ++times_empty; }};

  /// What comes out of the loop, if anything does.
  std::string run() {
    try {
      loop.run();
      return {};
    } catch (const TaskFault& fault) {
      try {
        std::rethrow_exception(fault.failure);
      } catch (const std::exception& what) {
        return std::string(fault.task) + ": " + what.what();
      }
    }
  }
};

boost::asio::awaitable<void> work_elsewhere(boost::asio::thread_pool& workers,
                                            std::unique_ptr<std::string>& out, bool& was_elsewhere) {
  const auto here = std::this_thread::get_id();
  auto work = [text = std::make_unique<std::string>("done"), here, &was_elsewhere]() mutable {
    was_elsewhere = std::this_thread::get_id() != here;
    return std::move(text);
  };
  out = co_await offload(workers, std::move(work));
  was_elsewhere = was_elsewhere && std::this_thread::get_id() == here;
}

boost::asio::awaitable<void> throw_elsewhere(boost::asio::thread_pool& workers) {
  auto work = []() -> int { throw std::runtime_error("no disk"); };
  const int unused = co_await offload(workers, std::move(work));
  static_cast<void>(unused);
}

TEST(Offload, RunsOnAWorkerAndComesBackToTheLoopWithAValueThatOnlyMoves) {
  Fixture f;
  std::unique_ptr<std::string> out;
  bool was_elsewhere = false;
  f.tasks.spawn("test", work_elsewhere(f.workers, out, was_elsewhere));
  f.loop.run();
  ASSERT_TRUE(out);
  EXPECT_EQ(*out, "done");
  EXPECT_TRUE(was_elsewhere);
}

TEST(Offload, AnExceptionComesOutOfTheAwaitAndTheGroupTellsWhose) {
  Fixture f;
  f.tasks.spawn("fragile", throw_elsewhere(f.workers));
  EXPECT_EQ(f.run(), "fragile: no disk");
  EXPECT_EQ(f.tasks.running(), 0U);
  EXPECT_EQ(f.times_empty, 1);
}

TEST(Offload, TheLoopGoesOnWithTheOthersAfterOneHasFailed) {
  Fixture f;
  std::unique_ptr<std::string> out;
  bool was_elsewhere = false;
  f.tasks.spawn("fragile", throw_elsewhere(f.workers));
  f.tasks.spawn("test", work_elsewhere(f.workers, out, was_elsewhere));
  EXPECT_EQ(f.run(), "fragile: no disk");
  EXPECT_EQ(f.run(), "");
  ASSERT_TRUE(out);
  EXPECT_EQ(f.times_empty, 1);
}

}  // namespace
}  // namespace reeld
