#include "sys/epoll_watches.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace reeld {
namespace {

namespace fs = std::filesystem;

std::size_t count_watches_of(const fs::path& fdinfo) {
  std::ifstream file(fdinfo);
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) count += line.starts_with("tfd:") ? 1 : 0;
  return count;
}

}  // namespace

std::optional<std::size_t> count_epoll_watches() {
  std::error_code error;
  fs::directory_iterator folder("/proc/self/fd", error);
  if (error) return std::nullopt;
  std::size_t count = 0;
  for (; folder != fs::directory_iterator(); folder.increment(error)) {
    const fs::path name = folder->path().filename();
    std::error_code gone;
    if (fs::read_symlink(folder->path(), gone) != "anon_inode:[eventpoll]") continue;
    count += count_watches_of("/proc/self/fdinfo" / name);
  }
  // None at all: a kernel that does not list them.
  if (error || count == 0) return std::nullopt;
  return count;
}

}  // namespace reeld
