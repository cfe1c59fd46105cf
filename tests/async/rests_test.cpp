#include "async/rests.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace reeld {
namespace {

class RestsTest : public ::testing::Test {
 protected:
  void begin(milliseconds pause) {
    boost::asio::co_spawn(loop_, rests_.rest(pause), [this](std::exception_ptr) { ++over_; });
  }
  void run() {
    loop_.restart();
    loop_.run();
  }

  boost::asio::io_context loop_{1};
  Rests rests_{loop_.get_executor()};
  int over_ = 0;
};

TEST_F(RestsTest, EndInTime) {
  begin(milliseconds(1));
  begin(milliseconds(2));
  run();
  EXPECT_EQ(over_, 2);
  EXPECT_FALSE(rests_.is_stopped());
}

TEST_F(RestsTest, AreEndedByAStopAllAtOnce) {
  for (int i = 0; i < 3; ++i) begin(std::chrono::hours(1));
  loop_.poll();
  EXPECT_EQ(over_, 0);
  rests_.stop();
  run();  // which would take an hour
  EXPECT_EQ(over_, 3);
}

TEST_F(RestsTest, DoNotBeginAfterIt) {
  rests_.stop();
  begin(std::chrono::hours(1));
  run();
  EXPECT_EQ(over_, 1);
  EXPECT_TRUE(rests_.is_stopped());
}

}  // namespace
}  // namespace reeld
