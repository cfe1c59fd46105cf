// Aborts: what they end, and what they must not.

#include "net/http_client.hpp"

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

class AbortTest : public ExchangeTest {};
INSTANTIATE_TEST_SUITE_P(Net, AbortTest, ::testing::Bool(), name_transport);

class TlsAbortTest : public ExchangeTest {};
INSTANTIATE_TEST_SUITE_P(Net, TlsAbortTest, ::testing::Values(true), name_transport);

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
  start({[&](Peer& peer) {
    peer.read(1'000'000);
    server_says.count_down();
    test_says.wait();
  }});
  begin();
  run_until_told();
  client().abort_uncommitted();
  expect_stopped(finish(), false, Stage::upload);
  test_says.count_down();
}

TEST_P(AbortTest, ANewSubmissionIsRefused) {
  start({});
  client().abort_uncommitted();
  expect_stopped(submit(), false, Stage::connect);
}

TEST_P(AbortTest, AtTheGateItEndsOnceThatHasReturned) {
  gate.on_pass = [&] { server_says.count_down(); };
  std::string received;
  start({[&](Peer& peer) { received = peer.read_to_end(); }});
  gate.holds = true;
  begin();
  run_until_told();
  client().abort_uncommitted();
  EXPECT_FALSE(end);
  gate.open();
  expect_stopped(finish(), false, Stage::gate);
  server->join();
  EXPECT_EQ(received.size(), count_before_closing(submission));
}

TEST_P(AbortTest, UncommittedAloneLeavesACommittedOneToItsAnswer) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    server_says.count_down();
    test_says.wait();
    peer.send(ok_reply);
  }});
  begin();
  run_until_told();
  client().abort_uncommitted();
  loop.poll();
  EXPECT_FALSE(end);
  test_says.count_down();
  const ExchangeEnd got = finish();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->status, 200);
}

TEST_P(AbortTest, AllEndsACommittedOneWithWhatHasArrived) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":");
    server_says.count_down();
    test_says.wait();
  }});
  begin();
  run_until_told();
  client().abort_all();
  const ExchangeEnd got = finish();
  test_says.count_down();
  expect_stopped(got, true, Stage::answer);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->body, "{\"id\":");
}

TEST_P(TlsAbortTest, AHandshakeEnds) {
  server = std::make_unique<ScriptedServer>(std::vector<Script>{[&](Peer& peer) {
                                              peer.read(100);
                                              server_says.count_down();
                                              test_says.wait();
                                            }},
                                            nullptr);
  options = make_options();
  begin();
  run_until_told();
  client().abort_uncommitted();
  expect_stopped(finish(), false, Stage::tls);
  test_says.count_down();
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
