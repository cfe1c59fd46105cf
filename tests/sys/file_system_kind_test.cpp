#include "sys/file_system_kind.hpp"

#include <gtest/gtest.h>

#include "support/temp_folder.hpp"

namespace reeld {
namespace {

TEST(FileSystemKinds, AreToldByTheirMagic) {
  EXPECT_EQ(classify_file_system(0x6969).name, "nfs");
  EXPECT_TRUE(classify_file_system(0x6969).hides_remote_writers);
  EXPECT_EQ(classify_file_system(0xFF534D42).name, "cifs");
  EXPECT_EQ(classify_file_system(0xFFFFFFFFFE534D42).name, "smb2");
  EXPECT_EQ(classify_file_system(0x01021997).name, "9p");
  EXPECT_EQ(classify_file_system(0x65735546).name, "fuse");
  EXPECT_FALSE(classify_file_system(0xEF53).hides_remote_writers);  // ext4
  EXPECT_EQ(classify_file_system(0xEF53).name, "");
}

TEST(FileSystemKinds, OwnersAreBelievedOnlyWhereTheDiskKeepsThem) {
  for (const std::uint64_t magic : {0x6969U, 0xFF534D42U, 0x65735546U, 0x01021997U, 0x4D44U, 0x2011BAB0U})
    EXPECT_TRUE(classify_file_system(magic).may_make_owners_up()) << std::hex << magic;
  for (const std::uint64_t magic :
       {0xEF53U, 0x58465342U, 0x9123683EU, 0x01021994U})  // ext4, xfs, btrfs, tmpfs
    EXPECT_FALSE(classify_file_system(magic).may_make_owners_up()) << std::hex << magic;
}

TEST(FileSystemKinds, AreAskedOfADescriptor) {
  const TempFolder folder;
  EXPECT_TRUE(std::holds_alternative<FileSystemKind>(find_file_system_kind(folder.fd(), "f")));
  const auto failed = find_file_system_kind(-1, "f");
  ASSERT_TRUE(std::holds_alternative<SysError>(failed));
  EXPECT_EQ(std::get<SysError>(failed).code, EBADF);
}

}  // namespace
}  // namespace reeld
