#include "sys/process_setup.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace reeld {
namespace {

volatile sig_atomic_t seen = 0;

TEST(Process, SignalsThatComeBeforeTheyCanBeAnsweredWait) {
  const auto before = ::signal(SIGHUP, [](int) { seen = 1; });
  hold_signals();
  ::raise(SIGHUP);
  EXPECT_EQ(seen, 0);
  release_signals();
  EXPECT_EQ(seen, 1);
  ::signal(SIGHUP, before);
}

}  // namespace
}  // namespace reeld
