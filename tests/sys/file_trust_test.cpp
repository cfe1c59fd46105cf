#include "sys/file_trust.hpp"

#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;

class FileTrust : public ::testing::Test {
 protected:
  FileTrust() {
    folder_.make_folder("etc");
    folder_.write("etc/file", "x");
    mode("etc/file", 0644);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void mode(const std::string& name, ::mode_t bits) const {
    ASSERT_EQ(::chmod(path(name).c_str(), bits), 0) << name;
  }
  void own(const std::string& name, ::uid_t user, ::gid_t group) const {
    ASSERT_EQ(::lchown(path(name).c_str(), user, group), 0) << name;
  }
  static std::string find(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(fd) << path;
    return find_other_writers(fd.get(), path).value_or("");
  }
  std::string find() const { return find(path("etc/file")); }

  TempFolder folder_;
};

constexpr ::uid_t nobody = 65534;
constexpr ::gid_t users = 100;  // of Debian: many may be in it

TEST_F(FileTrust, WhatOnlyTheOwnerMayWriteIsWell) {
  for (const ::mode_t bits : {0600U, 0640U, 0644U, 0444U, 0400U}) {
    mode("etc/file", bits);
    EXPECT_EQ(find(), "") << std::oct << bits;
  }
}

TEST_F(FileTrust, WhatEverybodyMayWriteIsNot) {
  mode("etc/file", 0666);
  EXPECT_THAT(find(), AllOf(HasSubstr("everybody may write " + path("etc/file")),
                            EndsWith("run: chmod go-w " + path("etc/file"))));
}

TEST_F(FileTrust, AFolderOnTheWayCounts) {
  mode("etc", 0777);
  EXPECT_THAT(find(), EndsWith("run: chmod go-w " + path("etc")));
  mode("etc", 01777);
  EXPECT_EQ(find(), "") << "sticky: what is in it is its owner's";
}

TEST_F(FileTrust, AGroupThatOthersMayBeInCounts) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  mode("etc/file", 0664);
  EXPECT_EQ(find(), "") << "root's own group";
  own("etc/file", 0, users);
  EXPECT_THAT(find(), AllOf(HasSubstr("members of the group users"), HasSubstr("chmod g-w")));
  mode("etc/file", 0644);
  own("etc", 0, users);
  mode("etc", 0775);
  EXPECT_THAT(find(), EndsWith("run: chmod g-w " + path("etc")));
}

TEST_F(FileTrust, AnotherOwnerCounts) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  own("etc/file", nobody, nobody);
  EXPECT_THAT(find(), AllOf(HasSubstr("nobody may write"), HasSubstr("chown root " + path("etc/file"))));
  own("etc/file", 0, 0);
  own("etc", nobody, nobody);
  EXPECT_THAT(find(), HasSubstr("chown root " + path("etc")));
  mode("etc", 01777);
  EXPECT_THAT(find(), HasSubstr("chown root " + path("etc")))
      << "a sticky folder's owner may rename all in it";
}

TEST_F(FileTrust, InAStickyFolderTheEntryIsItsOwners) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root";
  mode("etc", 01777);
  ASSERT_EQ(::symlink("file", path("etc/link").c_str()), 0);
  EXPECT_EQ(find(path("etc/link")), "");
  own("etc/link", nobody, nobody);
  EXPECT_THAT(find(path("etc/link")), HasSubstr("everybody may write " + path("etc")));
}

// As Kubernetes lays secrets out.
TEST_F(FileTrust, LinksAreFollowedAsTheKernelDoes) {
  folder_.make_folder("secret/..2026_11_28");
  folder_.write("secret/..2026_11_28/api-key", "x");
  ASSERT_EQ(::symlink("..2026_11_28", path("secret/..data").c_str()), 0);
  ASSERT_EQ(::symlink("..data/api-key", path("secret/api-key").c_str()), 0);
  mode("secret/..2026_11_28/api-key", 0644);
  mode("secret", 01777);
  EXPECT_EQ(find(path("secret/api-key")), "");
  mode("secret/..2026_11_28", 0777);
  EXPECT_THAT(find(path("secret/api-key")), EndsWith(path("secret/..2026_11_28")));
  ASSERT_EQ(::symlink((folder_ / "etc/../secret/api-key").c_str(), path("etc/link").c_str()), 0);
  EXPECT_THAT(find(path("etc/link")), EndsWith(path("secret/..2026_11_28")));
}

TEST_F(FileTrust, WhatIsHandedOverAsADescriptorHasNoWay) {
  mode("etc", 0777);
  const UniqueFd fd(::open(path("etc/file").c_str(), O_RDONLY));
  EXPECT_EQ(find("/proc/self/fd/" + std::to_string(fd.get())), "");
  mode("etc/file", 0666);
  EXPECT_NE(find("/proc/self/fd/" + std::to_string(fd.get())), "");
}

TEST_F(FileTrust, AnAccessListIsRead) {
  // Version 2; then user::rw-, user:65534:rw-, group::r--, mask::rw-, other::r--. Source: posix_acl_xattr.h.
  const std::string none("\xff\xff\xff\xff", 4);
  const std::string entries = std::string("\x02\0\0\0", 4) + std::string("\x01\0\x06\0", 4) + none +
                              std::string("\x02\0\x06\0\xfe\xff\0\0", 8) + std::string("\x04\0\x04\0", 4) +
                              none + std::string("\x10\0\x06\0", 4) + none + std::string("\x20\0\x04\0", 4) +
                              none;
  if (::setxattr(path("etc/file").c_str(), "system.posix_acl_access", entries.data(), entries.size(), 0) != 0)
    GTEST_SKIP() << "this file system has no access lists";
  EXPECT_THAT(find(), HasSubstr("run: setfacl -x user:nobody " + path("etc/file")));
  mode("etc/file", 0644);  // the mask
  EXPECT_EQ(find(), "");
}

TEST_F(FileTrust, AFileThatIsMountedByItselfToBeReadIsVouchedFor) {
  const std::string file = path("etc/file");
  if (::geteuid() != 0 || ::mount(file.c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0)
    GTEST_SKIP() << "mounts are not allowed here";
  mode("etc/file", 0666);
  EXPECT_NE(find(), "") << "as long as it can be written";
  EXPECT_EQ(::mount(nullptr, file.c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr), 0);
  EXPECT_EQ(find(), "");
  EXPECT_EQ(::umount(file.c_str()), 0);
}

}  // namespace
}  // namespace reeld
