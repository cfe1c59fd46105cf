#include "commands/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "sys/file_trust.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

// Until `text` is full or the file ends.
std::variant<std::size_t, SysError> fill(int fd, const std::string& path, std::string& text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t count = ::read(fd, text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return make_sys_error("read", path, errno);
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
  }
  return length;
}

}  // namespace

std::variant<TextFile, SysError> read_text_file(const std::string& path, std::size_t most,
                                                TextSource source) {
  // O_NONBLOCK: a FIFO that is not wanted must not hold us up before it is seen to be one.
  const int waiting = source == TextSource::regular ? O_NONBLOCK : 0;
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | waiting));
  if (!fd) return make_sys_error("open", path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return make_sys_error("look at", path, errno);
  if (S_ISDIR(status.st_mode)) return make_sys_error("read", path, EISDIR);
  const bool is_regular = S_ISREG(status.st_mode);
  if (!is_regular && source == TextSource::regular)
    return SysError{EINVAL, "read " + path + ": it is not a regular file"};
  if (const auto others = find_other_writers(fd.get(), path))
    return SysError{others_may_write, "read " + path + ": " + *others};
  TextFile file{std::string(most + 1, '\0'), status.st_mode & 07777, is_regular};
  const auto filled = fill(fd.get(), path, file.text);
  if (const auto* error = std::get_if<SysError>(&filled)) return *error;
  const std::size_t length = std::get<std::size_t>(filled);
  if (length > most)
    return SysError{EFBIG, "read " + path + ": it is longer than " + std::to_string(most) + " bytes"};
  file.text.resize(length);
  return file;
}

std::string describe_openness(const TextFile& file, const std::string& path, std::string_view what) {
  constexpr mode_t bits_of_others = 07;
  if ((file.mode & bits_of_others) == 0) return "";
  std::array<char, 16> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(file.mode));
  return path + ": " + std::string(what) + " is open to every user (mode " + mode.data() +
         "); run: chmod o= " + path;
}

}  // namespace reeld
