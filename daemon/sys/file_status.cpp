#include "sys/file_status.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>

namespace reeld {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1'000'000'000;
constexpr unsigned wanted = STATX_BASIC_STATS | STATX_BTIME;

template <typename Time>
std::int64_t to_ns(const Time& time) {
  return static_cast<std::int64_t>(time.tv_sec) * nanoseconds_in_second +
         static_cast<std::int64_t>(time.tv_nsec);
}

FileStatus to_status(const struct ::statx& info) {
  FileStatus status;
  status.identity.device = ::makedev(info.stx_dev_major, info.stx_dev_minor);
  status.identity.inode = info.stx_ino;
  status.identity.size = info.stx_size;
  status.identity.mtime_ns = to_ns(info.stx_mtime);
  status.identity.ctime_ns = to_ns(info.stx_ctime);
  status.identity.born_ns = (info.stx_mask & STATX_BTIME) != 0 ? to_ns(info.stx_btime) : 0;
  status.is_regular = S_ISREG(info.stx_mode);
  status.is_folder = S_ISDIR(info.stx_mode);
  status.links = info.stx_nlink;
  return status;
}

/// Where a sandbox or an old kernel has no statx: all but the birth time.
FileStatus to_status(const struct ::stat& info) {
  FileStatus status;
  status.identity.device = info.st_dev;
  status.identity.inode = info.st_ino;
  status.identity.size = static_cast<std::uint64_t>(info.st_size);
  status.identity.mtime_ns = to_ns(info.st_mtim);
  status.identity.ctime_ns = to_ns(info.st_ctim);
  status.is_regular = S_ISREG(info.st_mode);
  status.is_folder = S_ISDIR(info.st_mode);
  status.links = info.st_nlink;
  return status;
}

StatusAnswer look_up(int fd, const char* name, int flags) {
  struct ::statx info {};
  if (::statx(fd, name, flags, wanted, &info) == 0) return {0, to_status(info)};
  if (errno != ENOSYS && errno != EPERM) return {errno, {}};
  struct ::stat basic {};
  if (::fstatat(fd, name, &basic, flags) != 0) return {errno, {}};
  return {0, to_status(basic)};
}

}  // namespace

StatusAnswer look_up_status(int folder_fd, const std::string& name) {
  return look_up(folder_fd, name.c_str(), AT_SYMLINK_NOFOLLOW);
}

StatusAnswer read_status(int fd) {
  return look_up(fd, "", AT_EMPTY_PATH);
}

std::int64_t read_birth(int folder_fd, const std::string& name) {
  return look_up_status(folder_fd, name).status.identity.born_ns;
}

FolderIdentity identify_folder(int fd) {
  const FileIdentity found = read_status(fd).status.identity;
  return {found.device, found.inode, found.born_ns};
}

}  // namespace reeld
