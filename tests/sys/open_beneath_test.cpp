// The two ways of opening beneath a folder are one: each answer of the one is the other's.
#include "sys/open_beneath.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "support/temp_folder.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

using Open = int (*)(int, const std::string&, int);

class OpenBeneath : public ::testing::TestWithParam<Open> {
 protected:
  OpenBeneath() {
    folder_.make_folder("spool");
    folder_.write("secret.txt", "secret");
    folder_.make_folder("spool/a");
    folder_.make_folder("spool/a/b");
    folder_.write("spool/a/b/file.txt", "hello");
    link("a", "spool/alias");
    link("../secret.txt", "spool/out.txt");
    link("b/file.txt", "spool/a/near.txt");
    root_ = UniqueFd(::open((folder_ / "spool").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  void link(const char* target, const char* name) {
    EXPECT_EQ(::symlink(target, (folder_ / name).c_str()), 0);
  }
  /// 0, or why it could not be opened.
  int code_of(const std::string& path, int flags = O_RDONLY | O_NOFOLLOW) {
    const UniqueFd fd(GetParam()(root_.get(), path, flags));
    return fd ? 0 : errno;
  }

  TempFolder folder_;
  UniqueFd root_;
};

TEST_P(OpenBeneath, OpensFilesAndFoldersAtAnyDepth) {
  EXPECT_EQ(code_of("."), 0);
  EXPECT_EQ(code_of("a/b", O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 0);
  const UniqueFd fd(GetParam()(root_.get(), "a/b/file.txt", O_RDONLY | O_NOFOLLOW));
  char text[8];
  ASSERT_EQ(::read(fd.get(), text, sizeof text), 5);
  EXPECT_EQ(std::string(text, 5), "hello");
  EXPECT_NE(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST_P(OpenBeneath, FollowsNoLink) {
  EXPECT_EQ(code_of("alias/b/file.txt"), ELOOP);
  EXPECT_EQ(code_of("a/near.txt"), ELOOP);
  EXPECT_EQ(code_of("out.txt"), ELOOP);
  EXPECT_NE(code_of("alias", O_RDONLY | O_DIRECTORY | O_NOFOLLOW), 0);
}

TEST_P(OpenBeneath, ALinkItselfCanBeLookedAt) {
  const UniqueFd fd(GetParam()(root_.get(), "a/near.txt", O_PATH | O_NOFOLLOW));
  struct ::stat status {};
  ASSERT_EQ(::fstat(fd.get(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
}

TEST_P(OpenBeneath, LeadsNowhereElse) {
  EXPECT_EQ(code_of("../secret.txt"), EXDEV);
  EXPECT_EQ(code_of("a/../../secret.txt"), EXDEV);
  EXPECT_EQ(code_of(".."), EXDEV);
  EXPECT_EQ(code_of((folder_ / "secret.txt").string()), EXDEV);
}

TEST_P(OpenBeneath, SaysWhatIsNotThere) {
  EXPECT_EQ(code_of("missing.txt"), ENOENT);
  EXPECT_EQ(code_of("missing/file.txt"), ENOENT);
  EXPECT_EQ(code_of("a/b/file.txt/more"), ENOTDIR);
}

INSTANTIATE_TEST_SUITE_P(AtOnce, OpenBeneath, ::testing::Values(&open_beneath));
INSTANTIATE_TEST_SUITE_P(FolderByFolder, OpenBeneath, ::testing::Values(&walk_beneath));

}  // namespace
}  // namespace reeld
