#include "sys/read_file.hpp"

#include <unistd.h>

#include <cerrno>

#include "sys/safe_open.hpp"

namespace reeld {

std::optional<std::string> read_bytes(int fd, std::uint64_t size) {
  std::string out(size, '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::pread(fd, out.data() + done, out.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    done += static_cast<std::size_t>(n);
  }
  return out;
}

std::optional<std::string> read_small_beneath(int folder_fd, std::string_view name, std::uint64_t most) {
  const auto opened = open_file_beneath(folder_fd, name);
  const auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr || file->identity.size > most) return std::nullopt;
  return read_bytes(file->fd.get(), file->identity.size);
}

}  // namespace reeld
