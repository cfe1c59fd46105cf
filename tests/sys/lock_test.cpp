#include "sys/lock.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

int code_of(const std::variant<UniqueFd, SysError>& result) {
  const auto* const error = std::get_if<SysError>(&result);
  return error == nullptr ? 0 : error->code;
}

int lock(const TempFolder& folder) {
  return code_of(lock_spool_folder(folder.fd(), folder.path()));
}

TEST(SpoolLock, IsHeldByOneAndDiesWithItsDescriptor) {
  const TempFolder folder;
  auto first = lock_spool_folder(folder.fd(), folder.path());
  ASSERT_EQ(code_of(first), 0);
  EXPECT_EQ(lock(folder), EWOULDBLOCK);
  EXPECT_EQ(code_of(lock_used_spool_folder(folder.fd(), folder.path())), EWOULDBLOCK);
  EXPECT_TRUE(is_spool_folder_locked(folder.fd()));
  first = UniqueFd();
  EXPECT_FALSE(is_spool_folder_locked(folder.fd()));
  EXPECT_EQ(lock(folder), 0);
}

TEST(SpoolLock, IsHeldByADescriptorThatCannotWriteSoThatTheDiskCanBeMountedReadOnly) {
  const TempFolder folder;
  const auto held = lock_spool_folder(folder.fd(), folder.path());
  ASSERT_EQ(code_of(held), 0);
  EXPECT_EQ(::fcntl(std::get<UniqueFd>(held).get(), F_GETFL) & O_ACCMODE, O_RDONLY);
}

TEST(SpoolLock, NobodyWhoReadsTheFolderKeepsItFromBeingTaken) {
  const TempFolder folder;
  const UniqueFd reader(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  ASSERT_EQ(::flock(reader.get(), LOCK_EX), 0);
  EXPECT_EQ(lock(folder), 0);
}

TEST(SpoolLock, IsForItsOwnerAloneAlsoWhereAnOlderReeldHasMadeIt) {
  const TempFolder folder;
  folder.make_folder(".reeld");
  folder.write(".reeld/lock", "");
  ASSERT_EQ(::chmod((folder / ".reeld/lock").c_str(), 0644), 0);
  EXPECT_EQ(lock(folder), 0);
  struct ::stat status {};
  ASSERT_EQ(::stat((folder / ".reeld/lock").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST(SpoolLock, NothingIsMadeWhereNothingIsToBeMade) {
  const TempFolder folder;
  EXPECT_EQ(code_of(lock_used_spool_folder(folder.fd(), folder.path())), ENOENT);
  EXPECT_FALSE(is_spool_folder_locked(folder.fd()));
  EXPECT_FALSE(folder.holds(".reeld"));
}

TEST(SpoolLock, FollowsNoLink) {
  const TempFolder folder;
  const TempFolder elsewhere;
  ASSERT_EQ(::symlink(elsewhere.path().c_str(), (folder / ".reeld").c_str()), 0);
  EXPECT_NE(lock(folder), 0);
  folder.remove(".reeld");
  folder.make_folder(".reeld");
  ASSERT_EQ(::symlink((elsewhere / "file").c_str(), (folder / ".reeld/lock").c_str()), 0);
  EXPECT_EQ(lock(folder), ELOOP);
  EXPECT_FALSE(elsewhere.holds("file"));
}

}  // namespace
}  // namespace reeld
