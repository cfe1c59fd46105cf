// A success that comes before the commit point is never thrown away; what comes before our first byte is not
// ours.

#include <gmock/gmock.h>

#include <chrono>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

constexpr std::string_view success_head = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n";
constexpr std::string_view success_body = "{\"id\":\"v_1\"}";

class EarlyTest : public ExchangeTest {
 protected:
  /// A script that answers in the middle of the upload, once the test says so.
  Script answer_when_told(std::string_view text) {
    return [this, text](Peer& peer) {
      peer.read_until("\r\n\r\n");
      test_says.wait();
      peer.send(text);
      peer.settle();
      server_says.count_down();
      peer.read_to_end();
    };
  }

  /// From within the exchange: when this returns the answer is there to be read, and has not been.
  void let_the_server_answer() {
    test_says.count_down();
    server_says.wait();
  }

  /// Once, when a part of the image has gone out.
  void amid_the_image(std::function<void()> what) {
    image.before_read = [this, what = std::move(what), is_done = false]() mutable {
      if (image.position == 0 || is_done) return;
      is_done = true;
      what();
    };
  }

  void expect_early_success(const ExchangeEnd& got) {
    ASSERT_TRUE(got.reply) << got.failure->reason;
    EXPECT_EQ(got.reply->body, success_body);
    EXPECT_FALSE(got.failure);
    EXPECT_FALSE(got.committed);
    EXPECT_LE(got.bytes_sent, count_before_closing(submission));
  }
};
INSTANTIATE_TEST_SUITE_P(Net, EarlyTest, ::testing::Bool(), name_transport);

TEST_P(EarlyTest, ASuccessIsKeptWhenTheImageCannotBeRead) {
  submission = make_submission(large);
  start({answer_when_told(ok_reply)});
  amid_the_image([this] {
    let_the_server_answer();
    image.size = image.position;
  });
  image.size = large;
  expect_early_success(submit());
  the_client.reset();
}

TEST_P(EarlyTest, ASuccessIsKeptWhenTheUploadIsAborted) {
  submission = make_submission(large);
  start({answer_when_told(ok_reply)});
  amid_the_image([this] {
    let_the_server_answer();
    client().abort_uncommitted();
  });
  expect_early_success(submit());
}

TEST_P(EarlyTest, ASuccessIsKeptWhenAStalledUploadIsAborted) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read(100'000);
    server_says.count_down();
    test_says.wait();
    peer.send(ok_reply);
    peer.settle();
    gate_is_reached.count_down();
  }});
  begin();
  run_until_told();
  loop.run_for(milliseconds(50));  // until nothing more can be written
  test_says.count_down();
  gate_is_reached.wait();
  client().abort_uncommitted();
  expect_early_success(finish());
}

TEST_P(EarlyTest, ASuccessIsKeptWhenTheGateRefuses) {
  start({answer_when_told(ok_reply)});
  gate.on_pass = [this] { let_the_server_answer(); };
  gate.refusal = "scene1.png has changed";
  expect_early_success(submit());
}

TEST_P(EarlyTest, ASuccessIsKeptWhenItIsAbortedAtTheGate) {
  start({answer_when_told(ok_reply)});
  gate.on_pass = [this] {
    let_the_server_answer();
    client().abort_uncommitted();
  };
  expect_early_success(submit());
}

TEST_P(EarlyTest, TheRestOfASuccessIsAwaitedWhenTheGateRefuses) {
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    test_says.wait();
    peer.send(success_head);
    peer.settle();
    server_says.count_down();
    std::this_thread::sleep_for(milliseconds(50));  // the slowness is what is tested
    peer.send(success_body);
    peer.read_to_end();
  }});
  gate.on_pass = [this] { let_the_server_answer(); };
  gate.refusal = "scene1.png has changed";
  expect_early_success(submit());
}

TEST_P(EarlyTest, TheRestOfASuccessIsAwaitedWhenAllElseIsAborted) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send(success_head);
    peer.settle();
    server_says.count_down();
    test_says.wait();
    peer.send(success_body);
    peer.read_to_end();
  }});
  begin();
  run_until_told();
  loop.run_for(milliseconds(50));  // until the head has been heard
  client().abort_uncommitted();
  loop.poll();
  EXPECT_FALSE(end);
  test_says.count_down();
  expect_early_success(finish());
}

TEST_P(EarlyTest, ASuccessHasAsLongAsAnyAnswerForItsRest) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send(success_head);
    test_says.wait();
  }});
  options.response_timeout = milliseconds(150);
  const auto begun = std::chrono::steady_clock::now();
  const ExchangeEnd got = submit();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, milliseconds(1500)) << "a refusal's rest has 2 s";
  test_says.count_down();
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 200);
}

TEST_P(EarlyTest, ASuccessThatIsCutWithinItsHeadersIsKnownByItsStatus) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 200 OK\r\nContent-Le");
    peer.close();
  }});
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 200);
}

TEST_P(EarlyTest, WhatAFreshConnectionSaysBeforeItIsAskedIsNoAnswer) {
  start({[&](Peer& peer) {
    peer.send(ok_reply);
    peer.settle();
    server_says.count_down();
    EXPECT_EQ(peer.read_to_end(), "");
  }});
  image.before_read = [this] { server_says.wait(); };  // a cold disk
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  EXPECT_EQ(got.bytes_sent, 0U);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_THAT(got.failure->reason, ::testing::HasSubstr("before reeld had sent anything"));
  the_client.reset();
}

TEST_P(EarlyTest, AKeptConnectionThatSpeaksWhileTheDiskIsReadIsReplaced) {
  start({[&](Peer& peer) {
           serve_one(peer, submission);
           test_says.wait();
           peer.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
           peer.close();
           server_says.count_down();
         },
         [&](Peer& peer) { serve_one(peer, submission); }});
  ASSERT_TRUE(submit().reply);
  image.before_read = [this, is_done = false]() mutable {
    if (!is_done) let_the_server_answer();
    is_done = true;
  };
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 200);
  EXPECT_TRUE(got.committed);
  EXPECT_FALSE(got.reused_connection);
  EXPECT_EQ(image.rewinds, 1);
}

}  // namespace
}  // namespace reeld::test
