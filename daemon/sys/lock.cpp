#include "sys/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <thread>

namespace reeld {
namespace {

constexpr const char* hidden_folder = ".reeld";
constexpr const char* lock_name = "lock";
constexpr mode_t hidden_mode = 0755;
constexpr mode_t lock_mode = 0600;

UniqueFd open_hidden(int folder_fd) {
  return UniqueFd(::openat(folder_fd, hidden_folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

UniqueFd open_lock(int hidden_fd, int flags) {
  constexpr int always = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
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
  const std::string lock_path = hidden_path + "/" + lock_name;
  UniqueFd fd = open_lock(hidden.get(), O_RDONLY | flags);
  if (!fd) return make_sys_error("open", lock_path, errno);
  make_private(fd.get());
  int code = take_lock(fd.get());
  if (code == EBADF) {
    // NFS makes a lock of the whole file of it, which needs a descriptor that may write.
    fd = open_lock(hidden.get(), O_RDWR);
    if (!fd) return make_sys_error("open", lock_path, errno);
    code = take_lock(fd.get());
  }
  if (code != 0) return make_sys_error("lock", lock_path, code);
  return fd;
}

}  // namespace

int take_lock(int fd) {
  constexpr int max_tries = 5;
  constexpr auto pause = std::chrono::milliseconds(20);
  for (int tries = 0; tries < max_tries; ++tries) {
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return 0;
    if (errno != EWOULDBLOCK && errno != EINTR) return errno;
    std::this_thread::sleep_for(pause);
  }
  return EWOULDBLOCK;
}

bool is_locked(int fd) {
  return ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

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
  const UniqueFd fd = hidden ? open_lock(hidden.get(), O_RDONLY) : UniqueFd();
  return fd && is_locked(fd.get());
}

}  // namespace reeld
