#include "sys/sys_error.hpp"

#include <gtest/gtest.h>

#include <cerrno>

namespace reeld {
namespace {

TEST(SysErrors, SayWhatToWhichFileAndWhy) {
  const auto error = make_sys_error("open", "a/b.txt", EACCES);
  EXPECT_EQ(error.code, EACCES);
  EXPECT_EQ(error.message, "open a/b.txt: Permission denied");
  EXPECT_EQ(make_sys_error("read", "", EIO).message, "read .: Input/output error");
}

}  // namespace
}  // namespace reeld
