#include "sys/open_beneath.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

// openat2 says EAGAIN when a rename somewhere on the way made it unsure of "beneath"; the next try is nearly
// always sure. It also says so (O_NONBLOCK) while another process holds a lease on the file, which more tries
// do not change.
constexpr int max_tries = 16;

int open_at_once(int root_fd, const std::string& path, int flags) {
  struct ::open_how how {};
  how.flags = static_cast<unsigned>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  int fd = -1;
  for (int tries = 0; tries < max_tries; ++tries) {
    fd = static_cast<int>(::syscall(SYS_openat2, root_fd, path.c_str(), &how, sizeof how));
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return fd;
}

/// One component, no link followed; -1 and errno.
int open_component(int folder_fd, const std::string& name, int flags) {
  int fd = -1;
  do {
    fd = ::openat(folder_fd, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC);
  } while (fd < 0 && errno == EINTR);
  if (fd >= 0 || errno != ENOTDIR) return fd;
  // O_DIRECTORY says so of a link as well.
  struct ::stat status {};
  const bool is_link =
      ::fstatat(folder_fd, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
  errno = is_link ? ELOOP : ENOTDIR;
  return -1;
}

int refuse(int code) {
  errno = code;
  return -1;
}

}  // namespace

int walk_beneath(int root_fd, const std::string& path, int flags) {
  if (path.starts_with('/')) return refuse(EXDEV);
  UniqueFd folder;
  int at = root_fd;
  for (std::string_view rest = path;;) {
    const auto slash = rest.find('/');
    const std::string name(rest.substr(0, slash));
    if (name == "..") return refuse(EXDEV);
    if (slash == std::string_view::npos) return open_component(at, name, flags);
    rest.remove_prefix(slash + 1);
    UniqueFd next(open_component(at, name, O_PATH | O_DIRECTORY));
    if (!next) return -1;
    folder = std::move(next);
    at = folder.get();
  }
}

int open_beneath(int root_fd, const std::string& path, int flags) {
  const int fd = open_at_once(root_fd, path, flags);
  // EPERM is what some sandboxes say of a call that they do not know.
  if (fd >= 0 || (errno != ENOSYS && errno != EPERM)) return fd;
  return walk_beneath(root_fd, path, flags);
}

}  // namespace reeld
