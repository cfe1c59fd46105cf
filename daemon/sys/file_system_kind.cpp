#include "sys/file_system_kind.hpp"

#include <sys/vfs.h>

#include <array>
#include <cerrno>

namespace reeld {
namespace {

struct NetworkFileSystem {
  std::uint32_t magic;
  std::string_view name;
};

// Source: linux/magic.h, statfs(2) and, for the rare ones, the file systems' own sources.
constexpr std::array<NetworkFileSystem, 15> network_file_systems{{{0x6969, "nfs"},
                                                                  {0xFF534D42, "cifs"},
                                                                  {0xFE534D42, "smb2"},
                                                                  {0x517B, "smb"},
                                                                  {0x01021997, "9p"},
                                                                  {0x65735546, "fuse"},
                                                                  {0x00C36400, "ceph"},
                                                                  {0x5346414F, "afs"},
                                                                  {0x6B414653, "kafs"},
                                                                  {0x73757245, "coda"},
                                                                  {0x7461636F, "ocfs2"},
                                                                  {0x01161970, "gfs2"},
                                                                  {0x0BD00BD0, "lustre"},
                                                                  {0x786F4256, "vboxsf"},
                                                                  {0x47504653, "gpfs"}}};

}  // namespace

FileSystemKind classify_file_system(std::uint64_t magic) {
  // f_type is a signed word: magics with the high bit set arrive sign-extended on some machines.
  const auto low = static_cast<std::uint32_t>(magic);
  for (const auto& known : network_file_systems) {
    if (known.magic == low) return {true, known.name};
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
