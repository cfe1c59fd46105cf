#include "sys/lock.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "sys/temp_folder.hpp"

namespace reeld {
namespace {

int code_of(const std::variant<UniqueFd, SysError>& result) {
  const auto* const error = std::get_if<SysError>(&result);
  return error == nullptr ? 0 : error->code;
}

TEST(LockFolder, IsHeldByOneAndDiesWithItsDescriptor) {
  const TempFolder folder;
  auto first = lock_folder(folder.path());
  ASSERT_EQ(code_of(first), 0);
  EXPECT_EQ(code_of(lock_folder(folder.path())), EWOULDBLOCK);
  first = UniqueFd();
  EXPECT_EQ(code_of(lock_folder(folder.path())), 0);
}

TEST(LockFolder, IsTheSameByAnyPath) {
  const TempFolder folder;
  folder.make_folder("spool");
  ASSERT_EQ(::symlink("spool", (folder / "alias").c_str()), 0);
  const auto first = lock_folder((folder / "spool").string());
  ASSERT_EQ(code_of(first), 0);
  EXPECT_EQ(code_of(lock_folder((folder / "alias").string())), EWOULDBLOCK);
}

TEST(LockFolder, SaysWhatIsMissing) {
  const TempFolder folder;
  const auto result = lock_folder((folder / "none").string());
  ASSERT_EQ(code_of(result), ENOENT);
  EXPECT_NE(std::get<SysError>(result).message.find("none: No such file"), std::string::npos);
}

TEST(LockFileInFolder, IsHeldByOneAndDiesWithItsDescriptor) {
  const TempFolder folder;
  auto first = lock_file_in_folder(folder.fd(), folder.path());
  ASSERT_EQ(code_of(first), 0);
  EXPECT_TRUE(folder.holds(".reeld/lock"));
  EXPECT_EQ(code_of(lock_file_in_folder(folder.fd(), folder.path())), EWOULDBLOCK);
  first = UniqueFd();
  EXPECT_EQ(code_of(lock_file_in_folder(folder.fd(), folder.path())), 0);
}

}  // namespace
}  // namespace reeld
