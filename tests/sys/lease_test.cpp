#include "sys/lease.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

class Lease : public testing::Test {
 protected:
  Lease() {
    ::signal(SIGIO, SIG_IGN);
    folder_.write("a", "x");
  }
  UniqueFd open(int flags) const { return UniqueFd(::open((folder_ / "a").c_str(), flags | O_CLOEXEC)); }
  TempFolder folder_;
};

TEST_F(Lease, TellsWhetherAnybodyWrites) {
  const auto reader = open(O_RDONLY);
  EXPECT_EQ(probe_writers(reader.get()), LeaseAnswer::nobody_writes);
  auto writer = open(O_WRONLY);
  EXPECT_EQ(probe_writers(reader.get()), LeaseAnswer::being_written);
  writer.reset();
  EXPECT_EQ(probe_writers(reader.get()), LeaseAnswer::nobody_writes);
}

TEST_F(Lease, IsGivenBackAtOnce) {
  const auto reader = open(O_RDONLY);
  ASSERT_EQ(probe_writers(reader.get()), LeaseAnswer::nobody_writes);
  EXPECT_EQ(::fcntl(reader.get(), F_GETLEASE), F_UNLCK);
  EXPECT_TRUE(open(O_WRONLY | O_NONBLOCK));
}

TEST_F(Lease, CannotTellOfWhatHasNoLeases) {
  EXPECT_EQ(probe_writers(folder_.fd()), LeaseAnswer::cannot_tell);
}

}  // namespace
}  // namespace reeld
