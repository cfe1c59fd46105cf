#include "log/journal.hpp"

// No CODE_FILE and CODE_LINE: they would name this file.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <systemd/sd-journal.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace reeld {
namespace {

constexpr const char* socket_path = "/run/systemd/journal/socket";

SysError describe(std::string_view doing, int code) {
  return make_sys_error(doing, socket_path, code);
}

}  // namespace

bool is_journal_stream(int fd) {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct ::stat status {};
  if (stream == nullptr || ::fstat(fd, &status) != 0) return false;
  return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

std::variant<Journal, SysError> Journal::open() {
  UniqueFd peer(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!peer) return describe("make a socket for", errno);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path, sizeof address.sun_path - 1);
  if (::connect(peer.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return describe("reach the journal at", errno);
  return Journal(std::move(peer));
}

std::optional<SysError> Journal::send(const std::vector<std::string>& fields) {
  constexpr std::string_view doing = "send to the journal at";
  if (!budget_.wait_for_room(peer_.get())) return describe(doing, EAGAIN);
  std::vector<iovec> parts;
  parts.reserve(fields.size());
  for (const std::string& field : fields) parts.push_back({const_cast<char*>(field.data()), field.size()});
  const int result = ::sd_journal_sendv(parts.data(), static_cast<int>(parts.size()));
  if (result < 0) return describe(doing, -result);
  return std::nullopt;
}

}  // namespace reeld
