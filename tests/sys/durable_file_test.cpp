#include "sys/durable_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/temp_folder.hpp"

namespace reeld {
namespace {

std::size_t count_names(const TempFolder& folder) {
  const std::filesystem::directory_iterator names(folder.path());
  return static_cast<std::size_t>(std::distance(begin(names), end(names)));
}

TEST(WriteWhole, WritesReplacesAndLeavesNothingElse) {
  const TempFolder folder;
  EXPECT_FALSE(write_whole(folder.fd(), "f", "a.job.json", "first"));
  EXPECT_EQ(folder.read("a.job.json"), "first");
  const std::string large(300'000, 'x');
  EXPECT_FALSE(write_whole(folder.fd(), "f", "a.job.json", large));
  EXPECT_EQ(folder.read("a.job.json"), large);
  EXPECT_EQ(count_names(folder), 1u);
  EXPECT_FALSE(sync_folder(folder.fd(), "f"));
}

TEST(WriteWhole, GivesTheModeWhateverTheUmask) {
  const TempFolder folder;
  const auto before = ::umask(077);
  EXPECT_FALSE(write_whole(folder.fd(), "", "a", "x"));
  ::umask(before);
  struct ::stat info {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0664u);
}

TEST(WriteWhole, GivesTheFoldersGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs to give a folder to another group";
  const TempFolder folder;
  ASSERT_EQ(::chown(folder.path().c_str(), 0, 12345), 0);
  EXPECT_FALSE(write_whole(folder.fd(), "", "a", "x"));
  struct ::stat info {};
  ASSERT_EQ(::stat((folder / "a").c_str(), &info), 0);
  EXPECT_EQ(info.st_gid, 12345u);
}

TEST(WriteWhole, LeavesNothingBehindOnFailure) {
  const TempFolder folder;
  folder.make_folder("taken");
  const auto error = write_whole(folder.fd(), "sub", "taken", "x");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, EISDIR);
  EXPECT_EQ(error->message, "write sub/taken: Is a directory");
  EXPECT_EQ(count_names(folder), 1u);
}

TEST(WriteWhole, SaysWhereItCouldNotWrite) {
  const auto error = write_whole(-1, "sub", "a", "x");
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message, "create sub/a: Bad file descriptor");
  const auto sync = sync_folder(-1, "sub");
  ASSERT_TRUE(sync);
  EXPECT_EQ(sync->code, EBADF);
}

}  // namespace
}  // namespace reeld
