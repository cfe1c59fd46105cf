#include "commands/ledger/daemon_client.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>

#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

constexpr std::string_view mark_of_error = "error: ";
constexpr std::chrono::seconds patience{10};  // longer than the daemon's own deadline

DaemonReply make_reply(int code) {
  if (code == ENOENT || code == ECONNREFUSED) return {};
  return {DaemonReply::Kind::refused, std::strerror(code)};
}

int connect_to(int folder_fd, int socket_fd) {
  // An address has room for 108 bytes, and a spool's path may be longer.
  const std::string path = "/proc/self/fd/" + std::to_string(folder_fd) + "/control";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
  return ::connect(socket_fd, generic, sizeof address) == 0 ? 0 : errno;
}

int send_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t sent = ::send(fd, text.data() + done, text.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return errno;
    done += static_cast<std::size_t>(sent);
  }
  return ::shutdown(fd, SHUT_WR) == 0 ? 0 : errno;
}

/// What is set on the socket is for one call; this is for all of them.
int receive_all(int fd, std::string& text, std::size_t max_reply) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::array<char, 4096> buffer{};
  while (text.size() <= max_reply) {
    if (std::chrono::steady_clock::now() > end) return ETIMEDOUT;
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return EMSGSIZE;
}

}  // namespace

DaemonReply ask_daemon(int spool_fd, const std::vector<std::string>& request, std::size_t max_reply) {
  const UniqueFd folder(::openat(spool_fd, ".reeld", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return make_reply(errno);
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return make_reply(errno);
  const timeval limit{patience.count(), 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO})
    ::setsockopt(socket.get(), SOL_SOCKET, option, &limit, sizeof limit);
  if (const int code = connect_to(folder.get(), socket.get())) return make_reply(code);
  std::string text;
  for (const std::string& field : request) text.append(text.empty() ? 0U : 1U, '\0').append(field);
  DaemonReply reply;
  if (const int code = send_all(socket.get(), text)) return {DaemonReply::Kind::refused, std::strerror(code)};
  if (const int code = receive_all(socket.get(), reply.text, max_reply))
    return {DaemonReply::Kind::refused, std::strerror(code)};
  const bool is_refused = reply.text.empty() || reply.text.starts_with(mark_of_error);
  reply.kind = is_refused ? DaemonReply::Kind::refused : DaemonReply::Kind::answered;
  if (reply.text.empty()) reply.text = "it ended without an answer";
  if (reply.text.starts_with(mark_of_error))
    reply.text = reply.text.substr(mark_of_error.size(), reply.text.find('\n') - mark_of_error.size());
  return reply;
}

}  // namespace reeld
