// Aborts: what they end, and what they must not.

#include "net/http_client.hpp"

#include <gmock/gmock.h>

#include <future>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

class AbortTest : public ExchangeTest {
 protected:
  /// Lets the exchange go on until the server says so, then calls `abort` on the loop's thread.
  void run_until_told(std::promise<void>& promise) {
    auto told = promise.get_future();
    run_until([&] {
      loop.poll();
      return told.wait_for(milliseconds(1)) == std::future_status::ready;
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Net, AbortTest, ::testing::Bool(), name_transport);

void expect_stopped(const ExchangeEnd& got, bool committed, Stage stage) {
  EXPECT_FALSE(got.reply);
  EXPECT_EQ(got.committed, committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->reason, "reeld is stopping");
  EXPECT_EQ(got.failure->stage, stage);
  EXPECT_FALSE(got.failure->timed_out);
}

TEST_P(AbortTest, AStalledUploadEnds) {
  submission = make_submission(8 << 20);
  std::promise<void> is_stalled;
  std::promise<void> is_over;
  start({[&](Peer& peer) {
    peer.read(1'000'000);
    is_stalled.set_value();
    is_over.get_future().wait();
  }});
  begin();
  run_until_told(is_stalled);
  client().abort_uncommitted();
  expect_stopped(finish(), false, Stage::upload);
  is_over.set_value();
}

TEST_P(AbortTest, ANewSubmissionIsRefused) {
  start({});
  client().abort_uncommitted();
  expect_stopped(submit(), false, Stage::connect);
}

TEST_P(AbortTest, AtTheGateItEndsOnceThatHasReturned) {
  std::promise<void> is_at_gate;
  gate.on_pass = [&] { is_at_gate.set_value(); };
  std::string received;
  start({[&](Peer& peer) { received = peer.read_to_end(); }});
  gate.holds = true;
  begin();
  run_until_told(is_at_gate);
  client().abort_uncommitted();
  EXPECT_FALSE(end);
  gate.open();
  expect_stopped(finish(), false, Stage::gate);
  server->join();
  EXPECT_EQ(received.size(), count_before_closing(submission));
}

TEST_P(AbortTest, UncommittedAloneLeavesACommittedOneToItsAnswer) {
  std::promise<void> is_committed;
  std::promise<void> may_answer;
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    is_committed.set_value();
    may_answer.get_future().wait();
    peer.send(ok_reply);
  }});
  begin();
  run_until_told(is_committed);
  client().abort_uncommitted();
  loop.poll();
  EXPECT_FALSE(end);
  may_answer.set_value();
  const ExchangeEnd got = finish();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->status, 200);
}

TEST_P(AbortTest, AllEndsACommittedOneWithWhatHasArrived) {
  std::promise<void> has_begun;
  std::promise<void> is_over;
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":");
    has_begun.set_value();
    is_over.get_future().wait();
  }});
  begin();
  run_until_told(has_begun);
  client().abort_all();
  const ExchangeEnd got = finish();
  is_over.set_value();
  expect_stopped(got, true, Stage::answer);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->body, "{\"id\":");
}

TEST_P(AbortTest, AHandshakeEnds) {
  if (!is_tls()) GTEST_SKIP() << "there is none";
  std::promise<void> is_there;
  std::promise<void> is_over;
  server = std::make_unique<ScriptedServer>(std::vector<Script>{[&](Peer& peer) {
                                              peer.read(100);
                                              is_there.set_value();
                                              is_over.get_future().wait();
                                            }},
                                            nullptr);
  options = make_options();
  begin();
  run_until_told(is_there);
  client().abort_uncommitted();
  expect_stopped(finish(), false, Stage::tls);
  is_over.set_value();
}

TEST_P(AbortTest, AClientMayGoWhileItsIdleConnectionsAreOpen) {
  start({[&](Peer& peer) {
    serve_one(peer, submission);
    EXPECT_EQ(peer.read_to_end(), "");
  }});
  options.reuse_idle = std::chrono::seconds(60);
  ASSERT_TRUE(submit().reply);
  the_client.reset();
  server->join();
}

}  // namespace
}  // namespace reeld::test
