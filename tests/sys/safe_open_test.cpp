#include "sys/safe_open.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

int code_of(const std::variant<OpenFile, SysError>& result) {
  const auto* const error = std::get_if<SysError>(&result);
  return error == nullptr ? 0 : error->code;
}

TEST(SafeOpen, OpensARegularFileAndKnowsIt) {
  const TempFolder folder;
  folder.make_folder("sub");
  folder.write("sub/a.txt", "hello");
  const auto result = open_file_beneath(folder.fd(), "sub/a.txt");
  ASSERT_EQ(code_of(result), 0);
  const auto& file = std::get<OpenFile>(result);
  EXPECT_EQ(file.identity.size, 5u);
  EXPECT_EQ(std::get<FileIdentity>(identify(file.fd.get(), "sub/a.txt")), file.identity);
  EXPECT_EQ(std::get<FileIdentity>(identify_beneath(folder.fd(), "sub/a.txt")), file.identity);
}

TEST(SafeOpen, FollowsNoLinkAnywhere) {
  const TempFolder folder;
  folder.make_folder("real");
  folder.write("real/a.txt", "x");
  ASSERT_EQ(::symlink("real", (folder / "alias").c_str()), 0);
  ASSERT_EQ(::symlink("real/a.txt", (folder / "b.txt").c_str()), 0);
  EXPECT_EQ(code_of(open_file_beneath(folder.fd(), "alias/a.txt")), ELOOP);
  EXPECT_EQ(code_of(open_file_beneath(folder.fd(), "b.txt")), ELOOP);
  EXPECT_TRUE(std::holds_alternative<SysError>(open_folder_beneath(folder.fd(), "alias")));
  EXPECT_TRUE(std::holds_alternative<SysError>(identify_beneath(folder.fd(), "alias/a.txt")));
  const auto link = identify_beneath(folder.fd(), "b.txt");
  EXPECT_NE(std::get<FileIdentity>(link).inode,
            std::get<FileIdentity>(identify_beneath(folder.fd(), "real/a.txt")).inode);
}

TEST(SafeOpen, StaysBeneath) {
  const TempFolder folder;
  folder.make_folder("spool");
  folder.write("secret.txt", "x");
  const auto spool = open_folder_beneath(folder.fd(), "spool");
  const int fd = std::get<UniqueFd>(spool).get();
  EXPECT_EQ(code_of(open_file_beneath(fd, "../secret.txt")), EXDEV);
  EXPECT_EQ(code_of(open_file_beneath(fd, (folder / "secret.txt").string())), EXDEV);
}

TEST(SafeOpen, RefusesWhatIsNotAFile) {
  const TempFolder folder;
  folder.make_folder("sub.txt");
  ASSERT_EQ(::mkfifo((folder / "pipe.txt").c_str(), 0600), 0);
  const auto fifo = open_file_beneath(folder.fd(), "pipe.txt");
  ASSERT_NE(code_of(fifo), 0);
  EXPECT_EQ(std::get<SysError>(fifo).message, "open pipe.txt: not a regular file");
  EXPECT_EQ(code_of(open_file_beneath(folder.fd(), "sub.txt")), EISDIR);
  EXPECT_EQ(code_of(open_file_beneath(folder.fd(), "missing.txt")), ENOENT);
}

TEST(SafeOpen, OpensTheRootItself) {
  const TempFolder folder;
  const auto root = open_folder_beneath(folder.fd(), "");
  ASSERT_TRUE(std::holds_alternative<UniqueFd>(root));
  EXPECT_EQ(std::get<FileIdentity>(identify(std::get<UniqueFd>(root).get(), "")).inode,
            std::get<FileIdentity>(identify(folder.fd(), "")).inode);
}

}  // namespace
}  // namespace reeld
