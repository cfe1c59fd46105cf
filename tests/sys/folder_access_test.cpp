#include "sys/folder_access.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

constexpr ::uid_t some_user = 65534;
constexpr ::gid_t others = 60001;

class FolderAccess : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to be somebody else";
  }
  /// As another user with one group.
  void as_nobody(const std::function<void()>& act) {
    ASSERT_EQ(::setegid(others), 0);
    ASSERT_EQ(::seteuid(some_user), 0);
    act();
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_EQ(::setegid(0), 0);
  }
  void own(::uid_t user, ::gid_t group, ::mode_t mode) {
    ASSERT_EQ(::chown(folder_.path().c_str(), user, group), 0);
    ASSERT_EQ(::chmod(folder_.path().c_str(), mode), 0);
  }
  TempFolder folder_;
};

TEST_F(FolderAccess, IsDecidedByTheEffectiveUserAndItsGroup) {
  own(0, others, 0775);
  as_nobody([&] { EXPECT_EQ(find_hindrance(folder_.fd()), 0); });
  own(0, others, 0755);
  as_nobody([&] { EXPECT_EQ(find_hindrance(folder_.fd()), EACCES); });
  EXPECT_EQ(find_hindrance(folder_.fd()), 0);
  own(0, others, 0764);
  as_nobody([&] { EXPECT_EQ(find_hindrance(folder_.fd()), EACCES) << "no file in it can be reached"; });
  own(some_user, 0, 0700);
  as_nobody([&] { EXPECT_EQ(find_hindrance(folder_.fd()), 0); });
}

TEST_F(FolderAccess, IsNotHinderedByTheStickyBit) {
  own(0, 0, 01777);
  as_nobody([&] { EXPECT_EQ(find_hindrance(folder_.fd()), 0); });
}

TEST_F(FolderAccess, IsMendedByWhatFits) {
  const std::string path = folder_.path();
  own(0, others, 0755);
  as_nobody([&] { EXPECT_EQ(describe_cure(folder_.fd(), path, EACCES), "chmod g+w " + path); });
  own(0, others, 0700);
  as_nobody([&] { EXPECT_EQ(describe_cure(folder_.fd(), path, EACCES), "chmod g+rwx " + path); });
  own(some_user, 0, 0500);
  as_nobody([&] { EXPECT_EQ(describe_cure(folder_.fd(), path, EACCES), "chmod u+wx " + path); });
  own(0, 0, 0755);
  as_nobody([&] {
    EXPECT_EQ(describe_cure(folder_.fd(), path, EACCES), "chgrp 60001 " + path + " && chmod g+w " + path);
  });
  EXPECT_EQ(describe_cure(folder_.fd(), path, EPERM), "chattr -i " + path);
}

TEST(FolderAccesses, OfWhatIsNoFolderAreNobodysToTell) {
  EXPECT_EQ(find_hindrance(-1), 0);
}

TEST(QuoteForShell, QuotesWhatAShellWouldMind) {
  EXPECT_EQ(quote_for_shell("/srv/films/a-1"), "/srv/films/a-1");
  EXPECT_EQ(quote_for_shell(""), "''");
  EXPECT_EQ(quote_for_shell("/it's $HOME"), "'/it'\\''s $HOME'");
}

}  // namespace
}  // namespace reeld
