// The commit point: what is held back, until when, and what counts as committed.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

using ::testing::HasSubstr;

class CommitTest : public ExchangeTest {};
INSTANTIATE_TEST_SUITE_P(Net, CommitTest, ::testing::Bool(), name_transport);

TEST_P(CommitTest, HoldsTheClosingBoundaryBackUntilTheGateOpens) {
  submission = make_submission(300'000);
  gate.on_pass = [&] { gate_is_reached.count_down(); };
  start({[&](Peer& peer) {
    const std::string before = peer.read(count_before_closing(submission));
    EXPECT_TRUE(before.ends_with(submission.after_image));
    gate_is_reached.wait();
    EXPECT_FALSE(peer.has_more());
    gate.open();
    EXPECT_EQ(peer.read(submission.closing.size()), submission.closing);
    peer.send(ok_reply);
  }});
  gate.holds = true;
  const ExchangeEnd got = submit();
  server->join();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_TRUE(got.committed);
  EXPECT_EQ(gate.prepared, 1);
  EXPECT_EQ(gate.passed, 1);
}

TEST_P(CommitTest, PreparesOnceTheLastByteWasReadAndNotBefore) {
  submission = make_submission(1'000'000);
  std::uint64_t read_by_then = 0;
  gate.on_prepare = [&] { read_by_then = image.position; };
  start({[&](Peer& peer) { serve_one(peer, submission); }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(gate.prepared, 1);
  EXPECT_EQ(read_by_then, 1'000'000U);
}

TEST_P(CommitTest, ARefusalAtTheGateKeepsTheBoundaryBack) {
  std::string received;
  start({[&](Peer& peer) { received = peer.read_to_end(); }});
  gate.refusal = "scene1.png has changed";
  const ExchangeEnd got = submit();
  server->join();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::gate);
  EXPECT_EQ(got.failure->reason, "scene1.png has changed");
  EXPECT_EQ(received.size(), count_before_closing(submission));
  EXPECT_EQ(received.find(submission.closing), std::string::npos);
}

TEST_P(CommitTest, AServerThatClosesWhileTheGateIsShutIsNotCommitted) {
  start({[&](Peer& peer) {
    peer.read(count_before_closing(submission));
    gate_is_reached.wait();
    peer.close();
    gate.open();
  }});
  gate.holds = true;
  gate.on_pass = [&] { gate_is_reached.count_down(); };
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_THAT(got.failure->reason, HasSubstr("closed the connection after " +
                                             std::to_string(count_before_closing(submission)) + " of "));
}

TEST_P(CommitTest, AResetWhileTheGateIsShutIsNotCommitted) {
  start({[&](Peer& peer) {
    peer.read(count_before_closing(submission));
    gate_is_reached.wait();
    peer.reset();
    gate.open();
  }});
  gate.holds = true;
  gate.on_pass = [&] { gate_is_reached.count_down(); };
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(gate.passed, 1);
}

TEST_P(CommitTest, AReplyWhileTheGateIsShutIsAnEarlyOne) {
  start({[&](Peer& peer) {
    peer.read(count_before_closing(submission));
    gate_is_reached.wait();
    peer.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    peer.settle();
    gate.open();
    peer.read_to_end();
  }});
  gate.holds = true;
  gate.on_pass = [&] { gate_is_reached.count_down(); };
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->status, 408);
  EXPECT_FALSE(got.committed);
  EXPECT_EQ(got.bytes_sent, count_before_closing(submission));
}

TEST_P(CommitTest, StartingOverDoesNotPrepareTwice) {
  submission = make_submission(8 << 20);
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           peer.read_until("\r\n\r\n");
           peer.reset();
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  ASSERT_TRUE(submit().reply);
  gate.prepared = 0;
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_FALSE(got.reused_connection);
  EXPECT_EQ(image.rewinds, 1);
  EXPECT_EQ(gate.prepared, 1);
}

TEST_P(CommitTest, AServerThatClosesPastTheCommitPointLeavesDoubt) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.close();
  }});
  const ExchangeEnd got = submit();
  EXPECT_TRUE(got.committed);
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.cut_reply);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::answer);
  EXPECT_EQ(got.failure->reason, "the server closed the connection without an answer");
}

TEST_P(CommitTest, AResetPastTheCommitPointLeavesDoubt) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.reset();
  }});
  const ExchangeEnd got = submit();
  EXPECT_TRUE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::answer);
  EXPECT_THAT(got.failure->reason, HasSubstr("Connection reset by peer"));
}

}  // namespace
}  // namespace reeld::test
