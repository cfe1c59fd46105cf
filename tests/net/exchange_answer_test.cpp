// The wait for the answer, past the commit point.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"
#include "support/deflating.hpp"

namespace reeld::test {
namespace {

using ::testing::HasSubstr;

class AnswerTest : public ExchangeTest {
 protected:
  /// Answers the one request with these bytes, then closes in order.
  ExchangeEnd submit_and_hear(const std::string& text) {
    start({[this, text](Peer& peer) {
      peer.read(count_all(submission));
      peer.send(text);
      peer.close();
    }});
    ExchangeEnd got = submit();
    server->join();
    return got;
  }
};
INSTANTIATE_TEST_SUITE_P(Net, AnswerTest, ::testing::Bool(), name_transport);

void expect_cut(const ExchangeEnd& got) {
  EXPECT_TRUE(got.committed);
  EXPECT_FALSE(got.reply);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::answer);
}

TEST_P(AnswerTest, SkipsInterimReplies) {
  const ExchangeEnd got =
      submit_and_hear("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + std::string(ok_reply));
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->status, 200);
}

TEST_P(AnswerTest, ABodyMayEndWithTheConnection) {
  const ExchangeEnd got = submit_and_hear("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"v_1\"}");
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
}

TEST_P(AnswerTest, AReplyThatIsCutKeepsWhatArrived) {
  const ExchangeEnd got = submit_and_hear("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nhalf a body");
  expect_cut(got);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 500);
  EXPECT_EQ(got.cut_reply->body, "half a body");
  EXPECT_THAT(got.failure->reason, HasSubstr("11 of 100 bytes"));
}

/// Of what cannot be told apart all is kept, with the status.
struct Mangled {
  const char* name;
  std::string reply;
  int status;
  std::string kept;
};

TEST_P(AnswerTest, WhatCannotBeToldApartIsKept) {
  const std::string half_head = "HTTP/1.1 500 Oops\r\nContent-Le";
  const std::string half_success = "HTTP/1.1 202 Accepted\r\nContent-Le";
  const std::string no_line_between = "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n{\"id\":\"v_1\"}";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const Mangled& one : {Mangled{"half a head", half_head, 500, half_head},
                             {"half a success's head", half_success, 202, half_success},
                             {"no line between head and body", no_line_between, 200, no_line_between},
                             {"no chunk yet", chunked + "12345", 200, "12345"}}) {
    SCOPED_TRACE(one.name);
    const ExchangeEnd got = submit_and_hear(one.reply);
    the_client.reset();
    expect_cut(got);
    ASSERT_TRUE(got.cut_reply);
    EXPECT_EQ(got.cut_reply->status, one.status);
    EXPECT_EQ(got.cut_reply->body, one.kept);
  }
}

TEST_P(AnswerTest, WhereNoRuleTellsTheEndAnObjectIsAReply) {
  const ExchangeEnd got =
      submit_and_hear("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{\"id\":\"v_1\"}");
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
  EXPECT_FALSE(got.spare);
}

TEST_P(AnswerTest, WhereNoRuleTellsTheEndAllIsKept) {
  const ExchangeEnd got =
      submit_and_hear("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{\"id\":\"v");
  expect_cut(got);
  EXPECT_THAT(got.failure->reason, HasSubstr("Content-Length"));
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 200);
  EXPECT_EQ(got.cut_reply->body, "{\"id\":\"v");
}

TEST_P(AnswerTest, SilenceEndsWhatNoRuleEnds) {
  for (const std::string head : {"Content-Length: two\r\n", "Transfer-Encoding: chunked\r\n", ""}) {
    std::latch is_heard(1);
    start({[&](Peer& peer) {
      peer.read(count_all(submission));
      peer.send("HTTP/1.1 200 OK\r\n" + head + "\r\n{\"id\":\"v_1\"}");
      is_heard.wait();
    }});
    options.answer_silence = milliseconds(150);
    const ExchangeEnd got = submit();
    is_heard.count_down();
    server->join();
    the_client.reset();
    ASSERT_TRUE(got.reply) << head << got.failure->reason;
    EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
    EXPECT_GE(got.times.answer, milliseconds(150));
    EXPECT_FALSE(got.spare);
  }
}

TEST_P(AnswerTest, SilenceBeforeTheBodyEndsNothingThatTheCloseEnds) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.send("HTTP/1.0 200 OK\r\n\r\n");
    std::this_thread::sleep_for(milliseconds(300));  // the silence is what is tested
    peer.send("{\"id\":\"v_1\"}");
    peer.close();
  }});
  options.answer_silence = milliseconds(50);
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
}

TEST_P(AnswerTest, ACompressedReplyIsInflated) {
  const std::string body = gzip("{\"id\":\"v_1\"}");
  const ExchangeEnd got = submit_and_hear("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " +
                                          std::to_string(body.size()) + "\r\n\r\n" + body);
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
}

TEST_P(AnswerTest, OfACompressedReplyThatIsCutWhatCanBeReadIsShown) {
  const std::string body = gzip("{\"id\":\"v_1\"}");
  const ExchangeEnd got = submit_and_hear(
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
      "\r\n\r\n" + body.substr(0, body.size() - 1));
  expect_cut(got);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->coding, "gzip");
  EXPECT_EQ(got.cut_reply->body.size(), body.size() - 1);
  EXPECT_EQ(got.cut_reply->glimpse, "{\"id\":\"v_1\"}");
}

TEST_P(AnswerTest, AHugeReplyIsCut) {
  const ExchangeEnd got = submit_and_hear("HTTP/1.1 200 OK\r\n\r\n" + std::string(3'000'000, 'x'));
  expect_cut(got);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 200);
  EXPECT_LE(got.cut_reply->body.size(), 1U << 20);
}

TEST_P(AnswerTest, WhatIsNoHttpIsSaidToBeNone) {
  const ExchangeEnd got = submit_and_hear("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  expect_cut(got);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 0);
  EXPECT_EQ(got.cut_reply->body, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
  EXPECT_THAT(got.failure->reason, HasSubstr("not a usable reply"));
}

TEST_P(AnswerTest, AReplyMayDrip) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.drip(ok_reply);
  }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
}

TEST_P(AnswerTest, AServerThatHangsTimesOutCommitted) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    test_says.wait();
  }});
  options.response_timeout = milliseconds(150);
  const ExchangeEnd got = submit();
  test_says.count_down();
  expect_cut(got);
  EXPECT_TRUE(got.failure->timed_out);
  EXPECT_THAT(got.failure->reason, HasSubstr("within 150 ms"));
  EXPECT_GE(got.times.answer, milliseconds(150));
}

TEST_P(AnswerTest, TheTimeoutIsForTheLastByte) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (!test_says.try_wait()) {
      peer.send("x");
      std::this_thread::sleep_for(milliseconds(20));  // the drip is what is tested
    }
  }});
  options.response_timeout = milliseconds(200);
  const ExchangeEnd got = submit();
  test_says.count_down();
  expect_cut(got);
  EXPECT_TRUE(got.failure->timed_out);
  ASSERT_TRUE(got.cut_reply);
  EXPECT_EQ(got.cut_reply->status, 200);
}

TEST_P(AnswerTest, AReplyCutByAResetIsNotTakenForWhole) {
  start({[&](Peer& peer) {
    peer.read(count_all(submission));
    peer.send("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"v_");
    peer.reset();
  }});
  const ExchangeEnd got = submit();
  expect_cut(got);
}

}  // namespace
}  // namespace reeld::test
