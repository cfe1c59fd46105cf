// ask_daemon, before sockets that are not a daemon's: whoever may write to a spool may put one there.

#include "commands/ledger/daemon_client.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <functional>
#include <thread>

#include "support/temp_folder.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

class DaemonClient : public ::testing::Test {
 protected:
  DaemonClient() { folder_.make_folder(".reeld"); }

  /// Answers one request with what `serve` does with the connection.
  DaemonReply ask_one_who(const std::function<void(int)>& serve) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ / ".reeld/control";
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    std::thread server([&] {
      const UniqueFd connection(::accept(listener.get(), nullptr, nullptr));
      std::array<char, 100> request{};
      while (::recv(connection.get(), request.data(), request.size(), 0) > 0) continue;
      serve(connection.get());
    });
    const UniqueFd spool(::open(folder_.path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    DaemonReply reply = ask_daemon(spool.get(), {"status"});
    server.join();
    return reply;
  }

  TempFolder folder_;
};

TEST_F(DaemonClient, TakesAnAnswer) {
  const DaemonReply reply = ask_one_who([](int fd) { ::send(fd, "{}\n", 3, MSG_NOSIGNAL); });
  EXPECT_EQ(reply.kind, DaemonReply::Kind::answered);
  EXPECT_EQ(reply.text, "{}\n");
}

TEST_F(DaemonClient, EndsWithAnAnswerThatDoesNot) {
  std::size_t sent = 0;
  const DaemonReply reply = ask_one_who([&](int fd) {
    const std::string some(65536, 'x');
    for (ssize_t now = 1; now > 0; sent += static_cast<std::size_t>(std::max<ssize_t>(now, 0)))
      now = ::send(fd, some.data(), some.size(), MSG_NOSIGNAL);
  });
  EXPECT_EQ(reply.kind, DaemonReply::Kind::refused);
  EXPECT_EQ(reply.text, "Message too long");
  EXPECT_LT(sent, 4u << 20U);
}

}  // namespace
}  // namespace reeld
