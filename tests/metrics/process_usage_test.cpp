#include "metrics/process_usage.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <chrono>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

TEST(ProcessUsage, IsOfThisProcess) {
  const ProcessUsage usage = read_process_usage();
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  EXPECT_GT(usage.cpu_seconds, 0.0);
  EXPECT_LE(usage.start_seconds, now + 0.1);
  EXPECT_GT(usage.start_seconds, now - 3600);
  EXPECT_GT(usage.resident_bytes, 1U << 20U);
  EXPECT_GT(usage.virtual_bytes, usage.resident_bytes);
  EXPECT_GT(usage.max_fds, usage.open_fds);
}

TEST(ProcessUsage, CountsDescriptors) {
  const std::uint64_t before = read_process_usage().open_fds;
  EXPECT_GE(before, 3U);
  const UniqueFd one(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const UniqueFd two(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(read_process_usage().open_fds, before + 2);
}

}  // namespace
}  // namespace reeld
