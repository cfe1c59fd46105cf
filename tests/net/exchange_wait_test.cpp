// The wait before the closing boundary: as long as the server is away, and none where it is near. A server
// that lets its side of a handshake wait is one that is far away, if it lies behind a proxy.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

using ::testing::HasSubstr;

constexpr milliseconds distance{150};

class WaitTest : public ExchangeTest {
 protected:
  /// The script of a server that far away behind a proxy, each on a connection of its own.
  void start_far(std::vector<Script> scripts) {
    std::vector<Script> proxied;
    for (Script& script : scripts) {
      proxied.push_back([script = std::move(script)](Peer& peer) {
        peer.read_until("\r\n\r\n");
        peer.send("HTTP/1.1 200 OK\r\n\r\n");
        std::this_thread::sleep_for(distance);
        ASSERT_TRUE(peer.accept_tls(get_server_context()));
        script(peer);
      });
    }
    server = std::make_unique<ScriptedServer>(std::move(proxied), nullptr);
    options = make_options();
    options.host = "localhost";
    options.port = 443;
    options.proxy = ProxyAddress{"127.0.0.1", server->port(), ""};
  }
};
INSTANTIATE_TEST_SUITE_P(Net, WaitTest, ::testing::Values(true), name_transport);

TEST_P(WaitTest, LastsAsLongAsTheServerIsAway) {
  start_far({[&](Peer& peer) { serve_one(peer, submission); }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_GE(got.times.ack, distance);
  EXPECT_EQ(gate.passed, 1);
}

TEST_P(WaitTest, TheIntentIsRecordedBesideIt) {
  start_far({[&](Peer& peer) { serve_one(peer, submission); }});
  SteadyTime prepared;
  SteadyTime passed;
  gate.on_prepare = [&] { prepared = std::chrono::steady_clock::now(); };
  gate.on_pass = [&] { passed = std::chrono::steady_clock::now(); };
  ASSERT_TRUE(submit().reply);
  EXPECT_GE(passed - prepared, distance);
}

TEST_P(WaitTest, AReplyInItIsAnEarlyOne) {
  start_far({[&](Peer& peer) {
    peer.read(count_before_closing(submission));
    peer.send("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(peer.read_to_end(), "");
  }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 503);
  EXPECT_FALSE(got.committed);
  EXPECT_EQ(gate.passed, 0);
}

TEST_P(WaitTest, AnEndInItIsUnsent) {
  start_far({[&](Peer& peer) {
    peer.read(count_before_closing(submission));
    peer.reset();
  }});
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_EQ(gate.passed, 0);
}

TEST_P(WaitTest, AKeptConnectionThatEndsInItIsReplaced) {
  start_far({[&](Peer& peer) {
               serve_one(peer, submission);
               peer.read(count_before_closing(submission));
               peer.close();
             },
             [&](Peer& peer) { serve_one(peer, submission); }});
  options.reuse_idle = std::chrono::seconds(20);
  ASSERT_TRUE(submit().reply);
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply) << second.failure->reason;
  EXPECT_FALSE(second.reused_connection);
  EXPECT_EQ(image.rewinds, 1);
  EXPECT_EQ(gate.passed, 2);
}

TEST_P(WaitTest, AnAbortInItIsUnsent) {
  start_far({[&](Peer& peer) {
    peer.read(count_before_closing(submission));
    server_says.count_down();
    EXPECT_EQ(peer.read_to_end(), "");
  }});
  begin();
  run_until_told();
  client().abort_uncommitted();
  const ExchangeEnd got = finish();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->reason, "reeld is stopping");
}

TEST_P(WaitTest, WhatIsNotTakenIsUnsent) {
  submission = make_submission(1 << 20);
  start_far({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    test_says.wait();
  }});
  options.upload_timeout = milliseconds(400);
  const ExchangeEnd got = submit();
  test_says.count_down();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_TRUE(got.failure->timed_out);
  EXPECT_THAT(got.failure->reason, HasSubstr("the server took nothing for 400 ms after "));
}

class NearTest : public ExchangeTest {};
INSTANTIATE_TEST_SUITE_P(Net, NearTest, ::testing::Bool(), name_transport);

TEST_P(NearTest, ThereIsNoWaitAlthoughTheServerWasSlowOnce) {
  // The script begins with the handshake, if there is one.
  std::vector<Script> scripts;
  scripts.push_back([&](Peer& peer) {
    std::this_thread::sleep_for(distance);
    if (is_tls()) {
      ASSERT_TRUE(peer.accept_tls(get_server_context()));
    }
    serve_one(peer, submission);
    serve_one(peer, submission);
  });
  server = std::make_unique<ScriptedServer>(std::move(scripts), nullptr);
  options = make_options();
  for (int round = 0; round < 2; ++round) {
    const ExchangeEnd got = submit();
    ASSERT_TRUE(got.reply) << got.failure->reason;
    EXPECT_EQ(got.times.ack, milliseconds(0));
  }
}

}  // namespace
}  // namespace reeld::test
