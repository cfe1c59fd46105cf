#include "sys/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

namespace reeld {
namespace {

constexpr const char* marker_folder = ".reeld";
constexpr const char* lock_name = "lock";
constexpr mode_t marker_mode = 0755;
constexpr mode_t lock_mode = 0644;

bool is_unsupported(int code) {
  return code == EBADF || code == ENOLCK || code == EOPNOTSUPP || code == EINVAL || code == ENOSYS;
}

}  // namespace

std::variant<UniqueFd, SysError> lock_folder(std::string_view path) {
  UniqueFd fd(::open(std::string(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return make_sys_error("open the folder", path, errno);
  int code = 0;
  do {
    code = ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
  } while (code == EINTR);
  if (code == 0) return fd;
  if (is_unsupported(code)) return lock_file_in_folder(fd.get(), path);
  return make_sys_error("lock", path, code);
}

std::variant<UniqueFd, SysError> lock_file_in_folder(int folder_fd, std::string_view path) {
  const std::string marker_path = std::string(path) + "/" + marker_folder;
  const std::string lock_path = marker_path + "/" + lock_name;
  if (::mkdirat(folder_fd, marker_folder, marker_mode) != 0 && errno != EEXIST) {
    return make_sys_error("create", marker_path, errno);
  }
  const UniqueFd marker(::openat(folder_fd, marker_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!marker) return make_sys_error("open the folder", marker_path, errno);
  UniqueFd fd(::openat(marker.get(), lock_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, lock_mode));
  if (!fd) return make_sys_error("open", lock_path, errno);
  struct ::flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  if (::fcntl(fd.get(), F_OFD_SETLK, &lock) == 0) return fd;
  const int code = errno == EACCES ? EWOULDBLOCK : errno;
  return make_sys_error("lock", lock_path, code);
}

}  // namespace reeld
