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

TEST(FileSystemKinds, StampsProveNothingWhereInodesOrTheirTimesAreMadeUp) {
  // cifs, smb2, smb, 9p, fuse, vboxsf, fat, exfat, ntfs, ntfs3
  for (const std::uint64_t magic : {0xFF534D42U, 0xFE534D42U, 0x517BU, 0x01021997U, 0x65735546U, 0x786F4256U,
                                    0x4D44U, 0x2011BAB0U, 0x5346544EU, 0x7366746EU})
    EXPECT_FALSE(classify_file_system(magic).keeps_stamps) << std::hex << magic;
  // ext4, xfs, btrfs, tmpfs, overlayfs, zfs, nfs, ceph
  for (const std::uint64_t magic :
       {0xEF53U, 0x58465342U, 0x9123683EU, 0x01021994U, 0x794C7630U, 0x2FC12FC1U, 0x6969U, 0x00C36400U})
    EXPECT_TRUE(classify_file_system(magic).keeps_stamps) << std::hex << magic;
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
