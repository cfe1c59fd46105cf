#include "sys/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace reeld {
namespace {

constexpr const char* hidden_folder = ".reeld";
constexpr const char* lock_name = "lock";
constexpr mode_t hidden_mode = 0755;
constexpr mode_t lock_mode = 0600;

// Kernels before 3.15, and some FUSE file systems.
bool is_unsupported(int code) {
  return code == EINVAL || code == ENOSYS || code == EOPNOTSUPP || code == ENOLCK;
}

struct ::flock whole_file() {
  struct ::flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// 0 or errno.
int take(int fd) {
  struct ::flock lock = whole_file();
  if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return 0;
  const int code = errno == EACCES || errno == EAGAIN ? EWOULDBLOCK : errno;
  if (!is_unsupported(code)) return code;
  return ::flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
}

UniqueFd open_hidden(int folder_fd) {
  return UniqueFd(::openat(folder_fd, hidden_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

UniqueFd open_lock(int hidden_fd, int flags) {
  constexpr int always = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  return UniqueFd(::openat(hidden_fd, lock_name, always | flags, lock_mode));
}

/// One that an older reeld has made may be open to others, who could lock it.
void make_private(int fd) {
  struct ::stat status {};
  const bool is_ours = ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid() &&
                       status.st_nlink == 1;
  if (!is_ours || (status.st_mode & 07777) == lock_mode) return;
  [[maybe_unused]] const int ignored = ::fchmod(fd, lock_mode);
}

std::variant<UniqueFd, SysError> lock_in(int folder_fd, std::string_view path, int flags) {
  const std::string hidden_path = std::string(path) + "/" + hidden_folder;
  const UniqueFd hidden = open_hidden(folder_fd);
  if (!hidden) return make_sys_error("open the folder", hidden_path, errno);
  UniqueFd fd = open_lock(hidden.get(), flags);
  if (!fd) return make_sys_error("open", hidden_path + "/" + lock_name, errno);
  make_private(fd.get());
  if (const int code = take(fd.get())) return make_sys_error("lock", hidden_path + "/" + lock_name, code);
  return fd;
}

}  // namespace

std::variant<UniqueFd, SysError> lock_spool_folder(int folder_fd, std::string_view path) {
  if (::mkdirat(folder_fd, hidden_folder, hidden_mode) != 0 && errno != EEXIST)
    return make_sys_error("create", std::string(path) + "/" + hidden_folder, errno);
  return lock_in(folder_fd, path, O_CREAT);
}

std::variant<UniqueFd, SysError> lock_used_spool_folder(int folder_fd, std::string_view path) {
  return lock_in(folder_fd, path, 0);
}

bool is_spool_folder_locked(int folder_fd) {
  const UniqueFd hidden = open_hidden(folder_fd);
  const UniqueFd fd = hidden ? open_lock(hidden.get(), 0) : UniqueFd();
  if (!fd) return false;
  struct ::flock lock = whole_file();
  if (::fcntl(fd.get(), F_OFD_GETLK, &lock) == 0) return lock.l_type != F_UNLCK;
  return take(fd.get()) == EWOULDBLOCK;
}

}  // namespace reeld
