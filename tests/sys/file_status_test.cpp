#include "sys/file_status.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

TEST(ReadBirth, StaysWhateverBecomesOfTheFile) {
  const TempFolder folder;
  folder.make_folder("a");
  const auto born = read_birth(folder.fd(), "a");
  if (born == 0) GTEST_SKIP() << "this file system does not tell";
  folder.write("a/b", "x");
  folder.rename("a", "c");
  EXPECT_EQ(read_birth(folder.fd(), "c"), born);
  EXPECT_EQ(read_birth(folder.fd(), "a"), 0);
  folder.make_folder("a");
  EXPECT_GE(read_birth(folder.fd(), "a"), born);
}

TEST(FileStatuses, TellFilesFoldersAndLinksApart) {
  const TempFolder folder;
  folder.write("a", "123");
  folder.make_folder("b");
  ASSERT_EQ(::symlink("a", (folder / "c").c_str()), 0);
  ASSERT_EQ(::link((folder / "a").c_str(), (folder / "d").c_str()), 0);
  const auto file = look_up_status(folder.fd(), "a");
  EXPECT_EQ(file.code, 0);
  EXPECT_TRUE(file.status.is_regular);
  EXPECT_EQ(file.status.links, 2u);
  EXPECT_EQ(file.status.identity.size, 3u);
  EXPECT_TRUE(look_up_status(folder.fd(), "b").status.is_folder);
  const auto link = look_up_status(folder.fd(), "c").status;
  EXPECT_FALSE(link.is_regular);
  EXPECT_FALSE(link.is_folder);
  EXPECT_EQ(look_up_status(folder.fd(), "e").code, ENOENT);
  EXPECT_TRUE(read_status(folder.fd()).status.is_folder);
  EXPECT_EQ(read_status(-1).code, EBADF);
}

}  // namespace
}  // namespace reeld
