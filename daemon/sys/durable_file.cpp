#include "sys/durable_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/spool_name.hpp"
#include "sys/random.hpp"

namespace reeld {
namespace {

constexpr mode_t result_mode = 0664;
constexpr mode_t temporary_mode = 0600;

// The people who own the folder should own what reeld puts there. CIFS, FUSE and user namespaces may allow
// neither (EPERM, EINVAL, ENOSYS); the file counts all the same, so nothing here can fail the write.
void take_after_folder(int folder_fd, int fd) {
  struct ::stat folder {};
  struct ::stat file {};
  const bool is_known = ::fstat(folder_fd, &folder) == 0 && ::fstat(fd, &file) == 0;
  const bool is_others = is_known && file.st_gid != folder.st_gid;
  [[maybe_unused]] int ignored = is_others ? ::fchown(fd, static_cast<uid_t>(-1), folder.st_gid) : 0;
  ignored = ::fchmod(fd, result_mode);
}

int close_checked(UniqueFd& fd) {
  // Linux closes the descriptor even when close is interrupted.
  return ::close(fd.release()) == 0 || errno == EINTR ? 0 : errno;
}

// Some file systems (vboxsf, 9p, some FUSE) have no fsync for folders: there is no more that can be done. A
// descriptor that is not open at all is another matter.
bool has_no_sync(int folder_fd, int code) {
  if (code == EBADF) return ::fcntl(folder_fd, F_GETFD) != -1;
  return code == EINVAL || code == ENOSYS || code == EOPNOTSUPP;
}

}  // namespace

int write_all(int fd, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t written = ::write(fd, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    contents.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

DurableFile::DurableFile(int folder_fd, std::string_view folder_path, std::string_view name)
    : folder_fd_(folder_fd), folder_path_(folder_path), name_(name) {}

DurableFile::DurableFile(DurableFile&& other) noexcept
    : folder_fd_(other.folder_fd_),
      folder_path_(std::move(other.folder_path_)),
      name_(std::move(other.name_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::move(other.fd_)) {}

DurableFile::~DurableFile() {
  if (!temporary_.empty()) ::unlinkat(folder_fd_, temporary_.c_str(), 0);
}

SysError DurableFile::explain(std::string_view action, int code) const {
  return make_sys_error(action, join_path(folder_path_, name_), code);
}

int DurableFile::create() {
  do {
    std::string name = temporary_name(random_word());
    fd_ = UniqueFd(::openat(folder_fd_, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                            temporary_mode));
    if (fd_) temporary_ = std::move(name);
  } while (!fd_ && (errno == EEXIST || errno == EINTR));
  return fd_ ? 0 : errno;
}

std::optional<SysError> DurableFile::write(std::string_view contents) {
  if (const int code = create()) return explain("create", code);
  if (const int code = write_all(fd_.get(), contents)) return explain("write", code);
  take_after_folder(folder_fd_, fd_.get());
  return std::nullopt;
}

std::optional<SysError> DurableFile::sync() {
  if (::fsync(fd_.get()) != 0) return explain("write", errno);
  if (const int code = close_checked(fd_)) return explain("write", code);
  return std::nullopt;
}

std::optional<SysError> DurableFile::rename() {
  if (::renameat(folder_fd_, temporary_.c_str(), folder_fd_, name_.c_str()) != 0)
    return explain("write", errno);
  temporary_.clear();
  return std::nullopt;
}

std::optional<SysError> write_whole(int folder_fd, std::string_view folder_path, std::string_view name,
                                    std::string_view contents) {
  DurableFile file(folder_fd, folder_path, name);
  auto error = file.write(contents);
  if (!error) error = file.sync();
  if (!error) error = file.rename();
  return error;
}

std::optional<SysError> sync_folder(int folder_fd, std::string_view folder_path) {
  if (::fsync(folder_fd) == 0) return std::nullopt;
  const int code = errno;
  if (has_no_sync(folder_fd, code)) return std::nullopt;
  return make_sys_error("sync the folder", folder_path, code);
}

}  // namespace reeld
