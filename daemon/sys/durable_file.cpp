#include "sys/durable_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "core/spool_name.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

constexpr mode_t result_mode = 0664;
constexpr mode_t temporary_mode = 0600;

struct Temporary {
  UniqueFd fd;
  std::string name;
};

int make_temporary(int folder_fd, Temporary& temporary) {
  static thread_local std::mt19937_64 dice{std::random_device{}()};
  do {
    temporary.name = temporary_name(dice());
    temporary.fd = UniqueFd(::openat(folder_fd, temporary.name.c_str(),
                                     O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, temporary_mode));
  } while (!temporary.fd && (errno == EEXIST || errno == EINTR));
  return temporary.fd ? 0 : errno;
}

int write_all(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// The people who own the folder should own what reeld puts there. CIFS, FUSE and user namespaces may allow
// neither (EPERM, EINVAL, ENOSYS); the file counts all the same, so nothing here can fail the write.
void take_after_folder(int folder_fd, int fd) {
  struct ::stat folder {};
  const bool has_group = ::fstat(folder_fd, &folder) == 0;
  [[maybe_unused]] int ignored = has_group ? ::fchown(fd, static_cast<uid_t>(-1), folder.st_gid) : 0;
  ignored = ::fchmod(fd, result_mode);
}

int close_checked(UniqueFd& fd) {
  // Linux closes the descriptor even when close is interrupted.
  return ::close(fd.release()) == 0 || errno == EINTR ? 0 : errno;
}

int fill(int folder_fd, Temporary& temporary, std::string_view contents) {
  if (const int code = write_all(temporary.fd.get(), contents)) return code;
  take_after_folder(folder_fd, temporary.fd.get());
  if (::fsync(temporary.fd.get()) != 0) return errno;
  return close_checked(temporary.fd);
}

// Some file systems (vboxsf, 9p, some FUSE) have no fsync for folders: there is no more that can be done. A
// descriptor that is not open at all is another matter.
bool has_no_sync(int folder_fd, int code) {
  if (code == EBADF) return ::fcntl(folder_fd, F_GETFD) != -1;
  return code == EINVAL || code == ENOSYS || code == EOPNOTSUPP;
}

}  // namespace

std::optional<SysError> write_whole(int folder_fd, std::string_view folder_path, std::string_view name,
                                    std::string_view contents) {
  const std::string target(name);
  const std::string path = join_path(folder_path, name);
  Temporary temporary;
  if (const int code = make_temporary(folder_fd, temporary)) return make_sys_error("create", path, code);
  int code = fill(folder_fd, temporary, contents);
  if (code == 0 && ::renameat(folder_fd, temporary.name.c_str(), folder_fd, target.c_str()) != 0)
    code = errno;
  if (code == 0) return std::nullopt;
  ::unlinkat(folder_fd, temporary.name.c_str(), 0);
  return make_sys_error("write", path, code);
}

std::optional<SysError> sync_folder(int folder_fd, std::string_view folder_path) {
  if (::fsync(folder_fd) == 0) return std::nullopt;
  const int code = errno;
  if (has_no_sync(folder_fd, code)) return std::nullopt;
  return make_sys_error("sync the folder", folder_path, code);
}

}  // namespace reeld
