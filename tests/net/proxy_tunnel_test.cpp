// CONNECT through a proxy that is itself a script; where it says 200, the script goes on as the server behind
// it.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"
#include "support/deflating.hpp"

namespace reeld::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class ProxyTest : public ExchangeTest {
 protected:
  ExchangeEnd submit_through(const Script& script) {
    server = std::make_unique<ScriptedServer>(std::vector<Script>{script}, nullptr);
    options = make_options();
    options.host = "localhost";
    options.port = 443;
    options.proxy = ProxyAddress{"127.0.0.1", server->port(), "Basic Ym9iOg=="};
    options.connect_timeout = std::chrono::seconds(5);
    ExchangeEnd got = submit();
    the_client.reset();
    server->join();
    return got;
  }
  std::string proxy_name() const { return "the proxy 127.0.0.1:" + std::to_string(server->port()); }
};
INSTANTIATE_TEST_SUITE_P(Net, ProxyTest, ::testing::Values(true), name_transport);

void expect_proxy_failure(const ExchangeEnd& got) {
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  EXPECT_EQ(got.bytes_sent, 0U);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::proxy);
}

TEST_P(ProxyTest, TlsGoesThroughTheTunnel) {
  std::string asked;
  const ExchangeEnd got = submit_through([&](Peer& peer) {
    asked = peer.read_until("\r\n\r\n");
    peer.send(
        "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n");  // a length that means nothing
    ASSERT_TRUE(peer.accept_tls(get_server_context()));
    serve_one(peer, submission);
  });
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 200);
  EXPECT_FALSE(got.proxy_reply);
  EXPECT_THAT(asked, StartsWith("CONNECT localhost:443 HTTP/1.1\r\n"));
  EXPECT_THAT(asked, HasSubstr("\r\nHost: localhost:443\r\n"));
  EXPECT_THAT(asked, HasSubstr("\r\nProxy-Authorization: Basic Ym9iOg==\r\n"));
}

TEST_P(ProxyTest, WhatFramesABodyMeansNothingInASuccess) {
  for (const char* const headers :
       {"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\nContent-Length: 7\r\n", "Content-Length: 7\r\nContent-Length: 8\r\n",
        "Content-Length: many\r\n", "Content-Encoding: gzip\r\nContent-Length: 7\r\n"}) {
    const ExchangeEnd got = submit_through([&](Peer& peer) {
      peer.read_until("\r\n\r\n");
      peer.send("HTTP/1.1 200 OK\r\n" + std::string(headers) + "\r\n");
      ASSERT_TRUE(peer.accept_tls(get_server_context()));
      serve_one(peer, submission);
    });
    ASSERT_TRUE(got.reply) << headers << got.failure->reason;
    EXPECT_EQ(got.reply->status, 200);
    EXPECT_FALSE(got.proxy_reply);
  }
}

TEST_P(ProxyTest, ACompressedRefusalIsRead) {
  const std::string body = gzip("who?");
  const ExchangeEnd got = submit_through([&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 407 No\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n\r\n" + body);
  });
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->body, "who?");
}

TEST_P(ProxyTest, A4xxIsTheProxysReply) {
  for (const auto& [status, reason] :
       {std::pair{407, "Proxy Authentication Required"}, std::pair{403, "Forbidden"}}) {
    the_client.reset();
    const std::string head = "HTTP/1.1 " + std::to_string(status) + " " + reason;
    const ExchangeEnd got = submit_through([&](Peer& peer) {
      peer.read_until("\r\n\r\n");
      peer.send(head + "\r\nContent-Length: 4\r\n\r\nwho?");
    });
    ASSERT_TRUE(got.reply) << status;
    EXPECT_TRUE(got.proxy_reply);
    EXPECT_EQ(got.reply->status, status);
    EXPECT_EQ(got.reply->body, "who?");
    EXPECT_FALSE(got.committed);
    EXPECT_FALSE(got.failure);
    EXPECT_EQ(gate.prepared, 0);
  }
}

TEST_P(ProxyTest, AnyOtherStatusIsAFailure) {
  const ExchangeEnd got = submit_through([](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
  });
  expect_proxy_failure(got);
  EXPECT_EQ(got.failure->reason, proxy_name() + " answered 502 to CONNECT localhost:443");
}

TEST_P(ProxyTest, GarbageIsAFailure) {
  expect_proxy_failure(submit_through([](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send("220 smtp.example ESMTP\r\n\r\n");
  }));
}

TEST_P(ProxyTest, BytesBehindTheHeadCondemnTheTunnel) {
  const ExchangeEnd got = submit_through([](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
  });
  expect_proxy_failure(got);
  EXPECT_THAT(got.failure->reason, HasSubstr("belong to nobody"));
}

TEST_P(ProxyTest, AProxyThatClosesIsAFailure) {
  const ExchangeEnd got = submit_through([](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.close();
  });
  expect_proxy_failure(got);
  EXPECT_THAT(got.failure->reason, HasSubstr("closed the connection instead of answering CONNECT"));
}

TEST_P(ProxyTest, AProxyThatIsSilentTimesOut) {
  server = std::make_unique<ScriptedServer>(std::vector<Script>{[&](Peer&) { test_says.wait(); }}, nullptr);
  options = make_options();
  options.proxy = ProxyAddress{"127.0.0.1", server->port(), ""};
  options.connect_timeout = milliseconds(100);
  const ExchangeEnd got = submit();
  test_says.count_down();
  expect_proxy_failure(got);
  EXPECT_TRUE(got.failure->timed_out);
  EXPECT_EQ(got.failure->reason, proxy_name() + " did not answer within 100 ms");
}

TEST_P(ProxyTest, AProxyThatIsNotThereIsNamed) {
  server = std::make_unique<ScriptedServer>(std::vector<Script>{}, nullptr);
  options = make_options();
  options.proxy = ProxyAddress{"127.0.0.1", server->port(), ""};
  server.reset();
  const ExchangeEnd got = submit();
  expect_proxy_failure(got);
  EXPECT_THAT(got.failure->reason, HasSubstr("reach the proxy: connect to 127.0.0.1:"));
}

}  // namespace
}  // namespace reeld::test
