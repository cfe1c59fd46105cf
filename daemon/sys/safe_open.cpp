#include "sys/safe_open.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include <cerrno>

#include "sys/file_status.hpp"

namespace reeld {
namespace {

// openat2 says EAGAIN when a rename somewhere on the way made it unsure of "beneath"; the next try is nearly
// always sure. It also says so (O_NONBLOCK) while another process holds a lease on the file, which more tries
// do not change.
constexpr int most_tries = 16;

int open_beneath(int root_fd, const std::string& path, std::uint64_t flags) {
  struct ::open_how how {};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  int fd = -1;
  for (int tries = 0; tries < most_tries; ++tries) {
    fd = static_cast<int>(::syscall(SYS_openat2, root_fd, path.c_str(), &how, sizeof how));
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return fd;
}

std::string zero_ended(std::string_view path) {
  return path.empty() ? std::string(".") : std::string(path);
}

}  // namespace

std::variant<OpenFile, SysError> open_file_beneath(int root_fd, std::string_view path) {
  UniqueFd fd(open_beneath(root_fd, zero_ended(path), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW));
  if (!fd) return make_sys_error("open", path, errno);
  const auto answer = read_status(fd.get());
  if (answer.code != 0) return make_sys_error("look at", path, answer.code);
  if (!answer.status.is_regular) {
    SysError error = make_sys_error("open", path, answer.status.is_folder ? EISDIR : EINVAL);
    error.message = "open " + std::string(path) + ": not a regular file";
    return error;
  }
  return OpenFile{std::move(fd), answer.status.identity};
}

std::variant<UniqueFd, SysError> open_folder_beneath(int root_fd, std::string_view path) {
  UniqueFd fd(open_beneath(root_fd, zero_ended(path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  if (!fd) return make_sys_error("open the folder", path, errno);
  return fd;
}

std::variant<FileIdentity, SysError> identify(int fd, std::string_view path) {
  const auto answer = read_status(fd);
  if (answer.code != 0) return make_sys_error("look at", path, answer.code);
  return answer.status.identity;
}

std::variant<FileIdentity, SysError> identify_beneath(int root_fd, std::string_view path) {
  const UniqueFd fd(open_beneath(root_fd, zero_ended(path), O_PATH | O_NOFOLLOW));
  if (!fd) return make_sys_error("look at", path, errno);
  return identify(fd.get(), path);
}

}  // namespace reeld
