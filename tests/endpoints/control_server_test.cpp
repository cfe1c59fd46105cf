#include "endpoints/control_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <future>
#include <memory>

#include "submit/ledger_fixture.hpp"
#include "support/temp_folder.hpp"

namespace reeld {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ControlServerTest : public testing::Test {
 protected:
  ControlServerTest() { folder_.make_folder(".reeld"); }

  boost::asio::awaitable<std::string> answer(std::vector<std::string> request) {
    requests_.push_back(request);
    co_return "heard " + request.front() + "\n";
  }

  void start() {
    server_ = std::make_unique<ControlServer>(
        loop_.get_executor(), folder_.fd(), folder_.path(), log_,
        [this](std::vector<std::string> request) { return answer(std::move(request)); }, [] {});
    server_->start();
  }

  UniqueFd connect() {
    UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (folder_ / ".reeld/control").string().copy(address.sun_path, sizeof address.sun_path - 1);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fd.reset();
    return fd;
  }

  /// What the server says to that, "" if nothing.
  std::string ask(const std::string& text) {
    auto reply = std::async(std::launch::async, [this, text] {
      const UniqueFd fd = connect();
      if (!fd) return std::string("nobody");
      if (::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return std::string();
      ::shutdown(fd.get(), SHUT_WR);
      std::string out;
      char buffer[256];
      for (ssize_t got = 0; (got = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;)
        out.append(buffer, static_cast<std::size_t>(got));
      return out;
    });
    while (reply.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      loop_.restart();
      loop_.run_one_for(std::chrono::milliseconds(20));
    }
    return reply.get();
  }

  void stop() {
    server_->stop();
    loop_.restart();
    loop_.run();  // ends, for nothing is left
  }

  TempFolder folder_;
  SilentLog log_;
  boost::asio::io_context loop_;
  std::vector<std::vector<std::string>> requests_;
  std::unique_ptr<ControlServer> server_;
};

TEST_F(ControlServerTest, FieldsAreDividedByNulsAndMayHoldAnythingElse) {
  start();
  EXPECT_EQ(ask(std::string("look\0a/b\0s\nt", 12)), "heard look\n");
  EXPECT_EQ(ask("status"), "heard status\n");
  EXPECT_EQ(ask(""), "heard \n");
  EXPECT_THAT(requests_,
              ElementsAre(ElementsAre("look", "a/b", "s\nt"), ElementsAre("status"), ElementsAre("")));
  stop();
}

TEST_F(ControlServerTest, TheSocketIsForUserAndGroupAndGoesWithTheServer) {
  start();
  struct ::stat status {};
  ASSERT_EQ(::stat((folder_ / ".reeld/control").c_str(), &status), 0);
  EXPECT_TRUE(S_ISSOCK(status.st_mode));
  EXPECT_EQ(status.st_mode & 0777U, 0660U);
  stop();
  EXPECT_FALSE(folder_.holds(".reeld/control"));
  EXPECT_EQ(ask("status"), "nobody");
}

TEST_F(ControlServerTest, ADeadSocketIsReplaced) {
  folder_.write(".reeld/control", "");
  start();
  EXPECT_EQ(ask("status"), "heard status\n");
  EXPECT_THAT(log_.events, IsEmpty());
  stop();
}

TEST_F(ControlServerTest, ASocketThatCannotBeMadeIsAWarningAndNoMore) {
  folder_.make_folder(".reeld/control/full");
  start();
  EXPECT_THAT(log_.events, ElementsAre("control.failed"));
  loop_.run();  // nothing is waited for
  stop();
  EXPECT_TRUE(folder_.holds(".reeld/control/full"));
}

TEST_F(ControlServerTest, TooLongARequestIsNotAnswered) {
  start();
  EXPECT_EQ(ask(std::string(16 * 1024, 'x')).substr(0, 9), "heard xxx");
  const std::string reply = ask(std::string(16 * 1024 + 1, 'x'));
  EXPECT_TRUE(reply.empty() || reply == "error: the request is too long\n") << reply;
  EXPECT_EQ(requests_.size(), 1U);
  stop();
}

TEST_F(ControlServerTest, AClientThatSaysNothingHoldsNobodyUp) {
  start();
  const UniqueFd silent = connect();
  ASSERT_TRUE(silent);
  EXPECT_EQ(ask("status"), "heard status\n");
  stop();
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(ControlServerTest, NobodyAskingWakesNothing) {
  start();
  loop_.restart();
  loop_.poll();
  EXPECT_EQ(loop_.run_one_for(std::chrono::milliseconds(50)), 0U);
  stop();
}

}  // namespace
}  // namespace reeld
