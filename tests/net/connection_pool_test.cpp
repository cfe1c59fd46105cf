// Connections that are kept, and those that must not be.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

class ReuseTest : public ExchangeTest {};
INSTANTIATE_TEST_SUITE_P(Net, ReuseTest, ::testing::Bool(), name_transport);

TEST_P(ReuseTest, AHotConnectionServesTheNextSubmission) {
  start({[&](Peer& peer) {
    serve_one(peer, submission);
    serve_one(peer, submission);
  }});
  const ExchangeEnd first = submit();
  const ExchangeEnd second = submit();
  server->join();
  ASSERT_TRUE(first.reply && second.reply);
  EXPECT_FALSE(first.reused_connection);
  EXPECT_TRUE(second.reused_connection);
  EXPECT_EQ(second.times.connect, milliseconds(0));
}

TEST_P(ReuseTest, AnIdleConnectionIsClosedByItself) {
  std::string behind = "nothing yet";
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           behind = peer.read_to_end();
           server_says.count_down();
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  options.reuse_idle = milliseconds(50);
  ASSERT_TRUE(submit().reply);
  run_until_told();
  EXPECT_EQ(behind, "");
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_FALSE(second.reused_connection);
}

TEST_P(ReuseTest, AConnectionThatTheServerClosesIsNotKept) {
  start({[&](Peer& peer) {
           peer.read(count_all(submission));
           peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}");
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  ASSERT_TRUE(submit().reply);
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_FALSE(second.reused_connection);
}

TEST_P(ReuseTest, BytesBehindAReplyCondemnTheConnection) {
  start({[&](Peer& peer) {
           peer.read(count_all(submission));
           peer.send(std::string(ok_reply) + "HTTP/1.1 400 Bad Request\r\n\r\n");
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  ASSERT_TRUE(submit().reply);
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_EQ(second.reply->status, 200);
  EXPECT_FALSE(second.reused_connection);
}

TEST_P(ReuseTest, UnaskedBytesOnAnIdleConnectionCondemnIt) {
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           test_says.wait();
           peer.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
           peer.settle();
           server_says.count_down();
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  options.reuse_idle = std::chrono::seconds(20);
  ASSERT_TRUE(submit().reply);
  test_says.count_down();
  server_says.wait();
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_EQ(second.reply->status, 200);
  EXPECT_FALSE(second.reused_connection);
}

TEST_P(ReuseTest, AConnectionClosedWhileIdleIsReplacedInSilence) {
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           peer.close();
           server_says.count_down();
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  options.reuse_idle = std::chrono::seconds(20);
  ASSERT_TRUE(submit().reply);
  server_says.wait();
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_FALSE(second.reused_connection);
  EXPECT_EQ(image.rewinds, 0);
}

TEST_P(ReuseTest, AReusedConnectionThatBreaksIsTriedOnceMoreFromTheStart) {
  submission = make_submission(8 << 20);
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           peer.read_until("\r\n\r\n");
           peer.reset();
         },
         [&](Peer& peer) {
           peer.read_until("\r\n\r\n");
           peer.reset();
         }});
  ASSERT_TRUE(submit().reply);
  const ExchangeEnd second = submit();
  EXPECT_FALSE(second.reply);
  EXPECT_FALSE(second.committed);
  ASSERT_TRUE(second.failure);
  EXPECT_FALSE(second.reused_connection);
  EXPECT_EQ(image.rewinds, 1);
}

TEST_P(ReuseTest, AnAnswerThatIsNotTrustedEndsItsConnection) {
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           EXPECT_EQ(peer.read_to_end(), "");
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  trusts = false;
  ASSERT_TRUE(submit().reply);
  trusts = true;
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_FALSE(second.reused_connection);
}

TEST_P(ReuseTest, AFrontThatLostPatienceMayAnswerAgain) {
  for (const char* status : {"504 Gateway Time-out", "500 Internal Server Error", "408 Request Timeout"}) {
    start({[&](Peer& peer) {
             peer.read(count_all(submission));
             peer.send("HTTP/1.1 " + std::string(status) + "\r\nContent-Length: 0\r\n\r\n");
             EXPECT_EQ(peer.read_to_end(), "");
           },
           [&](Peer& peer) { serve_one(peer, submission); }});
    the_client.reset();
    ASSERT_TRUE(submit().reply) << status;
    const ExchangeEnd second = submit();
    ASSERT_TRUE(second.reply) << status;
    EXPECT_FALSE(second.reused_connection) << status;
  }
}

TEST_P(ReuseTest, AnAbandonedExchangeDoesNotReturnItsConnection) {
  start({[&](Peer& peer) { peer.read_to_end(); }, [&](Peer& peer) { serve_one(peer, submission); }});
  gate.refusal = "changed";
  EXPECT_FALSE(submit().reply);
  gate.refusal.reset();
  const ExchangeEnd second = submit();
  ASSERT_TRUE(second.reply);
  EXPECT_FALSE(second.reused_connection);
}

}  // namespace
}  // namespace reeld::test
