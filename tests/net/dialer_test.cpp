// Names, and the race of their addresses.

#include "net/dialer.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "sys/unique_fd.hpp"

namespace reeld::test {
namespace {

namespace asio = boost::asio;
using ::testing::HasSubstr;

asio::ip::address address(const char* text) {
  return asio::ip::make_address(text);
}

sockaddr_in make_address(const char* text, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(port);
  inet_pton(AF_INET, text, &where.sin_addr);
  return where;
}

/// Listens, and never accepts.
class Listener {
 public:
  Listener(const char* address, std::uint16_t port, int backlog)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in where = make_address(address, port);
    socklen_t size = sizeof where;
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&where), size), 0);
    EXPECT_EQ(::listen(socket_.get(), backlog), 0);
    ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&where), &size);
    port_ = ntohs(where.sin_port);
  }
  std::uint16_t port() const { return port_; }

 private:
  UniqueFd socket_;
  std::uint16_t port_ = 0;
};

/// An address that does not answer: its queue of connections is full.
class DeadAddress {
 public:
  DeadAddress(const char* address, std::uint16_t port)
      : listener_(address, port, 0), filler_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const sockaddr_in where = make_address(address, listener_.port());
    EXPECT_EQ(::connect(filler_.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where), 0);
  }
  std::uint16_t port() const { return listener_.port(); }

 private:
  Listener listener_;
  UniqueFd filler_;
};

class DialerTest : public ::testing::Test {
 protected:
  DialEnd dial(const std::string& host, std::uint16_t port, milliseconds timeout = std::chrono::seconds(10)) {
    Dialer dialer(loop.get_executor(), timeout);
    if (!addresses.empty()) dialer.resolver().remember(host, addresses);
    for (const auto& one : distrusted) dialer.distrust(one);
    std::optional<DialEnd> end;
    asio::co_spawn(loop, dialer.dial(host, port, sleeper),
                   [&](const std::exception_ptr& thrown, DialEnd how) {
                     EXPECT_FALSE(thrown);
                     end = std::move(how);
                   });
    loop.restart();
    loop.run_for(std::chrono::seconds(20));
    EXPECT_TRUE(loop.stopped()) << "something is left in the loop";
    EXPECT_TRUE(end);
    return end ? std::move(*end) : DialEnd();
  }

  static std::string peer_of(const DialEnd& end) {
    const auto* connection = std::get_if<std::unique_ptr<Connection>>(&end);
    return connection != nullptr && *connection ? (*connection)->peer() : "";
  }
  static std::string reason_of(const DialEnd& end) {
    const auto* failure = std::get_if<ExchangeFailure>(&end);
    return failure != nullptr ? failure->reason : "";
  }

  asio::io_context loop{1};
  Sleeper sleeper{loop.get_executor()};
  Addresses addresses;
  Addresses distrusted;
};

TEST_F(DialerTest, AnAddressNeedsNoLookup) {
  const Listener live("127.0.0.1", 0, 8);
  EXPECT_EQ(peer_of(dial("127.0.0.1", live.port())), "127.0.0.1:" + std::to_string(live.port()));
}

TEST_F(DialerTest, ANameIsLookedUp) {
  const Listener live("127.0.0.1", 0, 8);
  EXPECT_EQ(peer_of(dial("localhost", live.port())), "127.0.0.1:" + std::to_string(live.port()));
}

TEST_F(DialerTest, ADeadAddressDoesNotHoldUpALiveOne) {
  const Listener live("127.0.0.1", 0, 8);
  const DeadAddress dead("127.0.0.2", live.port());
  addresses = {address("127.0.0.2"), address("127.0.0.1")};
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(peer_of(dial("two.example", live.port())), "127.0.0.1:" + std::to_string(live.port()));
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_GE(took, milliseconds(240)) << "the first address has a head start";
  EXPECT_LT(took, std::chrono::seconds(8)) << "its timeout is not waited for";
}

TEST_F(DialerTest, ARefusalLetsTheNextOneGoAtOnce) {
  const Listener live("127.0.0.1", 0, 8);
  addresses = {address("127.0.0.2"), address("127.0.0.3"), address("127.0.0.4"), address("127.0.0.5"),
               address("127.0.0.1")};
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(peer_of(dial("five.example", live.port())), "127.0.0.1:" + std::to_string(live.port()));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(900))
      << "four head starts were waited for";
}

TEST_F(DialerTest, WhatWasOfNoUseGoesBehindTheOthers) {
  const Listener deaf("127.0.0.2", 0, 8);
  const Listener live("127.0.0.1", deaf.port(), 8);
  addresses = {address("127.0.0.2"), address("127.0.0.1")};
  const std::string port = std::to_string(live.port());
  EXPECT_EQ(peer_of(dial("two.example", live.port())), "127.0.0.2:" + port);
  distrusted = {address("127.0.0.2")};
  EXPECT_EQ(peer_of(dial("two.example", live.port())), "127.0.0.1:" + port);
  distrusted = {address("127.0.0.1"), address("127.0.0.2")};
  EXPECT_EQ(peer_of(dial("two.example", live.port())), "127.0.0.1:" + port) << "the one that failed first";
}

TEST_F(DialerTest, ALookupIsNotWaitedForByTheEnd) {
  auto dialer = std::make_unique<Dialer>(loop.get_executor(), std::chrono::seconds(10));
  std::optional<DialEnd> end;
  asio::co_spawn(loop, dialer->dial("localhost", 1, sleeper),
                 [&](const std::exception_ptr&, DialEnd how) { end = std::move(how); });
  loop.run_one();
  sleeper.abort();
  loop.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(loop.stopped());
  EXPECT_EQ(reason_of(*end), "reeld is stopping");
  dialer.reset();  // the thread may still be asking
}

TEST_F(DialerTest, AFailureNamesTheOneAddress) {
  std::uint16_t port = 0;
  { port = Listener("127.0.0.1", 0, 8).port(); }
  const DialEnd end = dial("127.0.0.1", port);
  EXPECT_EQ(reason_of(end), "connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST_F(DialerTest, AFailureNamesEveryAddressAndWhatWasWrong) {
  std::uint16_t port = 0;
  { port = Listener("127.0.0.1", 0, 8).port(); }
  const DeadAddress dead("127.0.0.2", port);
  addresses = {address("127.0.0.2"), address("127.0.0.1")};
  const DialEnd end = dial("two.example", port, milliseconds(100));
  EXPECT_EQ(reason_of(end), "connect to two.example:" + std::to_string(port) +
                                ": 127.0.0.2: no answer within 100 ms; 127.0.0.1: Connection refused");
  EXPECT_FALSE(std::get<ExchangeFailure>(end).timed_out);
}

TEST_F(DialerTest, ADeadAddressAloneTimesOut) {
  const DeadAddress dead("127.0.0.2", 0);
  const DialEnd end = dial("127.0.0.2", dead.port(), milliseconds(100));
  ASSERT_TRUE(std::holds_alternative<ExchangeFailure>(end));
  EXPECT_TRUE(std::get<ExchangeFailure>(end).timed_out);
  EXPECT_EQ(std::get<ExchangeFailure>(end).stage, Stage::connect);
}

TEST_F(DialerTest, AnAbortEndsTheDialling) {
  const Listener live("127.0.0.1", 0, 8);
  sleeper.abort();
  EXPECT_EQ(reason_of(dial("127.0.0.1", live.port())), "reeld is stopping");
}

TEST_F(DialerTest, ANameThatCannotBeOneIsAResolveFailure) {
  const std::string name(300, 'a');  // refused without asking any server
  const DialEnd end = dial(name, 443);
  ASSERT_TRUE(std::holds_alternative<ExchangeFailure>(end));
  EXPECT_EQ(std::get<ExchangeFailure>(end).stage, Stage::resolve);
  EXPECT_THAT(reason_of(end), HasSubstr("resolve " + name + ": "));
}

TEST(InterleaveFamilies, TakesTurnsBeginningWithTheFirst) {
  const Addresses sorted = {address("::1"), address("::2"), address("::3"), address("127.0.0.1"),
                            address("127.0.0.2")};
  const Addresses expected = {address("::1"), address("127.0.0.1"), address("::2"), address("127.0.0.2"),
                              address("::3")};
  EXPECT_EQ(interleave_families(sorted), expected);
  EXPECT_EQ(interleave_families(Addresses()), Addresses());
}

}  // namespace
}  // namespace reeld::test
