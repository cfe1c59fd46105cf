#include "endpoints/page_server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "submit/ledger_fixture.hpp"

namespace reeld {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class PageServerTest : public ::testing::Test {
 protected:
  ~PageServerTest() override {
    server_.stop();
    gate_.cancel();
    loop_.restart();
    loop_.run();  // ends, for nothing is left
  }

  boost::asio::awaitable<Page> render() {
    ++renders_;
    Page page;
    page.text = "a page\n";
    co_return page;
  }

  /// Until the test lets it go on.
  boost::asio::awaitable<Page> wait_for_the_end() {
    ++renders_;
    const auto [cancelled] = co_await gate_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    static_cast<void>(cancelled);
    co_return Page{};
  }

  int port() const {
    const std::string address = server_.address();
    return address.empty() ? 0 : std::stoi(address.substr(address.rfind(':') + 1));
  }

  static UniqueFd connect(int port) {
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fd.reset();
    return fd;
  }

  static std::string read_all(int fd) {
    std::string out;
    char buffer[512];
    for (ssize_t got = 0; (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
      out.append(buffer, static_cast<std::size_t>(got));
    return out;
  }

  void run_until_ready(std::future<std::string>& reply) {
    while (reply.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      loop_.restart();
      loop_.run_one_for(std::chrono::milliseconds(20));
    }
  }

  /// What the server says to that, until it ends the connection.
  std::string ask(const std::string& text) {
    auto reply = std::async(std::launch::async, [port = port(), text] {
      const UniqueFd fd = connect(port);
      if (!fd) return std::string("nobody");
      if (::send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0) return std::string();
      return read_all(fd.get());
    });
    run_until_ready(reply);
    return reply.get();
  }

  std::string get(const std::string& path) { return ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"); }

  SilentLog log_;
  boost::asio::io_context loop_;
  boost::asio::steady_timer gate_{loop_, std::chrono::hours(1)};
  int renders_ = 0;
  PageServer server_{
      loop_.get_executor(),
      log_,
      {{"/page", [this] { return render(); }}, {"/stuck", [this] { return wait_for_the_end(); }}},
      milliseconds(200),
      milliseconds(20)};
};

TEST_F(PageServerTest, ServesItsPages) {
  server_.listen("127.0.0.1:0");
  EXPECT_THAT(log_.events, ElementsAre("metrics.listening"));
  EXPECT_THAT(get("/page"), StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(get("/page?x=1"), EndsWith("\r\n\r\na page\n"));
  const std::string head = ask("HEAD /page HTTP/1.1\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
}

TEST_F(PageServerTest, AnythingElseIsRefused) {
  server_.listen("127.0.0.1:0");
  EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(get("/page/"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("POST /page HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(ask("DELETE /page HTTP/1.1\r\n\r\n"), HasSubstr("\r\nAllow: GET, HEAD\r\n"));
  EXPECT_THAT(ask("\x16\x03\x01 hello\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("GET /page HTTP/1.1\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_EQ(renders_, 0);
}

TEST_F(PageServerTest, ASlowClientHoldsNobodyUpAndIsCutOff) {
  server_.listen("127.0.0.1:0");
  const UniqueFd slow = connect(port());
  ASSERT_EQ(::send(slow.get(), "GET /pa", 7, MSG_NOSIGNAL), 7);
  EXPECT_THAT(get("/page"), EndsWith("a page\n"));
  auto end = std::async(std::launch::async, [&] { return read_all(slow.get()); });
  run_until_ready(end);
  EXPECT_EQ(end.get(), "");
}

TEST_F(PageServerTest, TheLongestUnderWayMakesRoomForWhoComes) {
  server_.listen("127.0.0.1:0");
  std::vector<UniqueFd> idle;
  for (int i = 0; i < 64; ++i) {
    idle.push_back(connect(port()));
    loop_.restart();
    loop_.poll();
  }
  EXPECT_THAT(get("/page"), EndsWith("a page\n"));
  auto first = std::async(std::launch::async, [&] { return read_all(idle.front().get()); });
  run_until_ready(first);
  EXPECT_EQ(first.get(), "");
}

TEST_F(PageServerTest, WhatIsNeverAnsweredIsNotWithoutEndEither) {
  server_.listen("127.0.0.1:0");
  for (int i = 0; i < 200; ++i) {
    const UniqueFd asks = connect(port());
    ASSERT_GT(::send(asks.get(), "GET /stuck HTTP/1.1\r\n\r\n", 23, MSG_NOSIGNAL), 0);
    loop_.restart();
    loop_.poll();
  }
  EXPECT_GT(renders_, 64);
  EXPECT_LE(renders_, 128);
}

TEST_F(PageServerTest, AnotherAddressTakesThePlaceOfTheFirst) {
  server_.listen("127.0.0.1:0");
  const int before = port();
  server_.listen("127.0.0.1:0");
  EXPECT_EQ(port(), before) << "the same address is left as it is";
  server_.listen("localhost:" + std::to_string(before));
  EXPECT_THAT(get("/page"), EndsWith("a page\n"));
  server_.listen("");
  EXPECT_EQ(server_.address(), "");
  EXPECT_FALSE(connect(before));
}

TEST_F(PageServerTest, AnAddressOfTheSixthVersionServesToo) {
  server_.listen("[::1]:0");
  if (server_.address().empty()) GTEST_SKIP() << "no IPv6 here";
  EXPECT_THAT(server_.address(), StartsWith("[::1]:"));
}

TEST_F(PageServerTest, APortThatIsTakenIsSaidOnceAndTriedAgainUntilItIsFree) {
  PageServer other(loop_.get_executor(), log_, {});
  other.listen("127.0.0.1:0");
  log_.events.clear();
  server_.listen(other.address());
  const std::string wanted = other.address();
  loop_.restart();
  loop_.run_for(std::chrono::milliseconds(100));  // several tries
  EXPECT_THAT(log_.events, ElementsAre("metrics.failed"));
  EXPECT_EQ(server_.address(), "");
  other.stop();
  for (int i = 0; i < 500 && server_.address().empty(); ++i) {
    loop_.restart();
    loop_.run_one_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(server_.address(), wanted);
  EXPECT_THAT(log_.events, ElementsAre("metrics.failed", "metrics.listening"));
}

TEST_F(PageServerTest, NobodyAskingWakesNothing) {
  server_.listen("127.0.0.1:0");
  loop_.restart();
  loop_.poll();
  EXPECT_EQ(loop_.run_one_for(std::chrono::milliseconds(50)), 0U);
  EXPECT_EQ(renders_, 0);
}

}  // namespace
}  // namespace reeld
