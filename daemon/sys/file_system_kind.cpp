#include "sys/file_system_kind.hpp"

#include <sys/vfs.h>

#include <array>
#include <cerrno>

namespace reeld {
namespace {

struct KnownFileSystem {
  std::uint32_t magic;
  FileSystemKind kind;  // hides_remote_writers, keeps_stamps, name
};

// Source: linux/magic.h, statfs(2) and, for the rare ones, the file systems' own sources.
constexpr std::array<KnownFileSystem, 19> known_file_systems{{
    {0x6969, {true, true, "nfs"}},         {0xFF534D42, {true, false, "cifs"}},
    {0xFE534D42, {true, false, "smb2"}},   {0x517B, {true, false, "smb"}},
    {0x01021997, {true, false, "9p"}},     {0x65735546, {true, false, "fuse"}},
    {0x00C36400, {true, true, "ceph"}},    {0x5346414F, {true, true, "afs"}},
    {0x6B414653, {true, true, "kafs"}},    {0x73757245, {true, true, "coda"}},
    {0x7461636F, {true, true, "ocfs2"}},   {0x01161970, {true, true, "gfs2"}},
    {0x0BD00BD0, {true, true, "lustre"}},  {0x786F4256, {true, false, "vboxsf"}},
    {0x47504653, {true, true, "gpfs"}},    {0x4D44, {false, false, "fat"}},
    {0x2011BAB0, {false, false, "exfat"}}, {0x5346544E, {false, false, "ntfs"}},
    {0x7366746E, {false, false, "ntfs3"}},
}};

}  // namespace

FileSystemKind classify_file_system(std::uint64_t magic) {
  // f_type is a signed word: magics with the high bit set arrive sign-extended on some machines.
  const auto low = static_cast<std::uint32_t>(magic);
  for (const auto& known : known_file_systems) {
    if (known.magic == low) return known.kind;
  }
  return {};
}

std::variant<FileSystemKind, SysError> find_file_system_kind(int fd, std::string_view path) {
  struct ::statfs info {};
  int code = 0;
  do {
    code = ::fstatfs(fd, &info) == 0 ? 0 : errno;
  } while (code == EINTR);
  if (code != 0) return make_sys_error("find the file system of", path, code);
  return classify_file_system(static_cast<std::uint64_t>(info.f_type));
}

}  // namespace reeld
