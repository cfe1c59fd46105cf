#include "sys/read_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/temp_folder.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

TEST(ReadSmallBeneath, ReadsWhatIsARegularFileAndNotTooLong) {
  const TempFolder folder;
  folder.write("a", std::string("x\0y", 3));
  folder.write("empty", "");
  folder.make_folder("folder");
  ASSERT_EQ(::symlinkat("a", folder.fd(), "link"), 0);
  EXPECT_EQ(read_small_beneath(folder.fd(), "a", 3), std::string("x\0y", 3));
  EXPECT_EQ(read_small_beneath(folder.fd(), "a", 2), std::nullopt);
  EXPECT_EQ(read_small_beneath(folder.fd(), "empty", 0), "");
  EXPECT_EQ(read_small_beneath(folder.fd(), "link", 3), std::nullopt);
  EXPECT_EQ(read_small_beneath(folder.fd(), "folder", 3), std::nullopt);
  EXPECT_EQ(read_small_beneath(folder.fd(), "none", 3), std::nullopt);
}

TEST(ReadBytes, FewerThanAskedForAreNone) {
  const TempFolder folder;
  folder.write("a", "xyz");
  const UniqueFd fd(::open((folder / "a").c_str(), O_RDONLY));
  EXPECT_EQ(read_bytes(fd.get(), 2), "xy");
  EXPECT_EQ(read_bytes(fd.get(), 4), std::nullopt);
}

TEST(TimeStamp, IsUtcToTheSecond) {
  EXPECT_EQ(make_time_stamp(SystemTime{} + std::chrono::seconds(1'000'000'000)), "20010909T014640Z");
}

}  // namespace
}  // namespace reeld
