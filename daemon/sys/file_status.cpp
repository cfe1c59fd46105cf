#include "sys/file_status.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace reeld {
namespace {

constexpr std::int64_t nanoseconds_in_second = 1'000'000'000;

FileStatus to_status(const struct ::stat& info) {
  FileStatus status;
  status.identity.device = info.st_dev;
  status.identity.inode = info.st_ino;
  status.identity.size = static_cast<std::uint64_t>(info.st_size);
  status.identity.mtime_ns = info.st_mtim.tv_sec * nanoseconds_in_second + info.st_mtim.tv_nsec;
  status.is_regular = S_ISREG(info.st_mode);
  status.is_folder = S_ISDIR(info.st_mode);
  status.links = info.st_nlink;
  return status;
}

}  // namespace

StatusAnswer look_up_status(int folder_fd, const std::string& name) {
  struct ::stat info {};
  if (::fstatat(folder_fd, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) return {errno, {}};
  return {0, to_status(info)};
}

std::int64_t read_birth(int folder_fd, const std::string& name) {
  struct ::statx info {};
  const bool is_known = ::statx(folder_fd, name.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BTIME, &info) == 0 &&
                        (info.stx_mask & STATX_BTIME) != 0;
  return is_known ? info.stx_btime.tv_sec * nanoseconds_in_second + info.stx_btime.tv_nsec : 0;
}

StatusAnswer read_status(int fd) {
  struct ::stat info {};
  if (::fstat(fd, &info) != 0) return {errno, {}};
  return {0, to_status(info)};
}

}  // namespace reeld
