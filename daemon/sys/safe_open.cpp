#include "sys/safe_open.hpp"

#include <fcntl.h>

#include <cerrno>

#include "sys/file_status.hpp"
#include "sys/open_beneath.hpp"

namespace reeld {
namespace {

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
  if (path.find('/') == std::string_view::npos && path != "..") {
    const auto answer = look_up_status(root_fd, std::string(path));  // no folder is passed: one call does
    if (answer.code != 0) return make_sys_error("look at", path, answer.code);
    return answer.status.identity;
  }
  const UniqueFd fd(open_beneath(root_fd, zero_ended(path), O_PATH | O_NOFOLLOW));
  if (!fd) return make_sys_error("look at", path, errno);
  return identify(fd.get(), path);
}

}  // namespace reeld
