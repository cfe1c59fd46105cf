#include "async/wake_timer.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace reeld {
namespace {

const SteadyTime past = SteadyTime{} + milliseconds(1);
const SteadyTime never = SteadyTime::max();

class WakeTimerTest : public ::testing::Test {
 protected:
  void run() {
    loop_.restart();
    loop_.run();
  }

  boost::asio::io_context loop_;
  int calls_ = 0;
  WakeTimer timer_{loop_.get_executor(), [this] { ++calls_; }};
};

TEST_F(WakeTimerTest, CallsOnceEachTimeItIsSet) {
  timer_.set(past);
  EXPECT_TRUE(timer_.is_set());
  run();
  EXPECT_EQ(calls_, 1);
  EXPECT_FALSE(timer_.is_set());
  timer_.set(past);
  run();
  EXPECT_EQ(calls_, 2);
}

TEST_F(WakeTimerTest, ASecondSettingChangesNothing) {
  timer_.set(past);
  timer_.set(never);
  run();
  EXPECT_EQ(calls_, 1);
}

TEST_F(WakeTimerTest, WhatIsCancelledIsNotCalled) {
  timer_.set(never);
  timer_.cancel();
  EXPECT_FALSE(timer_.is_set());
  run();
  EXPECT_EQ(calls_, 0);
}

TEST_F(WakeTimerTest, ItCanBeSetToAnEarlierTimeOrToNone) {
  timer_.set(never);
  timer_.set_to(past);
  run();
  EXPECT_EQ(calls_, 1);
  timer_.set(past);
  timer_.set_to(std::nullopt);
  run();
  EXPECT_EQ(calls_, 1);
}

TEST_F(WakeTimerTest, OneThatWasDueAlreadyAndIsCancelledIsNotCalledForTheNext) {
  timer_.set(past);
  loop_.restart();
  // Due, and not called yet: the first thing that runs cancels it and sets it anew.
  boost::asio::post(loop_, [this] {
    timer_.cancel();
    timer_.set(past);
  });
  loop_.run();
  EXPECT_EQ(calls_, 1);
}

}  // namespace
}  // namespace reeld
