// The upload: everything that can happen before the commit point.

#include <gmock/gmock.h>

#include "net/exchange_fixture.hpp"

namespace reeld::test {
namespace {

using ::testing::HasSubstr;

class UploadTest : public ExchangeTest {};
INSTANTIATE_TEST_SUITE_P(Net, UploadTest, ::testing::Bool(), name_transport);

constexpr std::string_view refusal_413 =
    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large";

TEST_P(UploadTest, SendsEveryByteInOrderAndReturnsTheAnswer) {
  submission = make_submission(200'000);
  std::string received;
  start({[&](Peer& peer) {
    received = peer.read(count_all(submission));
    peer.send(ok_reply);
  }});
  const ExchangeEnd got = submit();
  server->join();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 200);
  EXPECT_EQ(got.reply->body, "{\"id\":\"v_1\"}");
  EXPECT_TRUE(got.committed);
  EXPECT_FALSE(got.failure);
  EXPECT_EQ(received, submission.head + submission.before_image + std::string(200'000, 'i') +
                          submission.after_image + submission.closing);
  EXPECT_EQ(got.bytes_sent, count_all(submission));
  EXPECT_EQ(got.body_bytes_sent, count_all(submission) - submission.head.size());
  EXPECT_EQ(got.peer, "127.0.0.1:" + std::to_string(server->port()));
}

TEST_P(UploadTest, TakesAPromptLargerThanOneChunk) {
  submission.before_image.insert(0, std::string(300'000, 'p'));
  start({[&](Peer& peer) { serve_one(peer, submission); }});
  const ExchangeEnd got = submit();
  server->join();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(gate.prepared, 1);
}

TEST_P(UploadTest, StopsAtAnEarlyRefusalThatIsFollowedByAReset) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send(refusal_413);
    peer.read(1'000'000);
    peer.settle();
    peer.reset();
  }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 413);
  EXPECT_EQ(got.reply->body, "too large");
  EXPECT_FALSE(got.committed);
  EXPECT_LT(got.bytes_sent, count_all(submission));
  EXPECT_EQ(gate.passed, 0);
}

TEST_P(UploadTest, ReadsARefusalThatIsThereWhenWritingFails) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send(refusal_413);
    peer.settle();
    peer.reset();
    server_says.count_down();
  }});
  // The first write comes when the reply and the reset are both there.
  bool has_waited = false;
  image.before_read = [&] {
    if (image.position > 0 && !has_waited) {
      server_says.wait();
      has_waited = true;
    }
  };
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 413);
  EXPECT_FALSE(got.committed);
}

TEST_P(UploadTest, KeepsAnEarlySuccess) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send(ok_reply);
    peer.read_to_end();
  }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply);
  EXPECT_EQ(got.reply->status, 200);
  EXPECT_FALSE(got.committed);
  EXPECT_EQ(gate.passed, 0);
}

TEST_P(UploadTest, SkipsAnEarlyInterimReply) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send("HTTP/1.1 100 Continue\r\n\r\n");
    peer.read(count_all(submission) - submission.head.size());
    peer.send(ok_reply);
  }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 200);
  EXPECT_TRUE(got.committed);
}

TEST_P(UploadTest, GivesAnEarlyReplyTimeToComplete) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.drip(refusal_413);
    peer.read_to_end();
  }});
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_EQ(got.reply->status, 413);
  EXPECT_EQ(got.reply->body, "too large");
}

TEST_P(UploadTest, AnEarlyReplyWithoutItsEndIsAFailure) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.send(refusal_413.substr(0, refusal_413.size() - 3));
    peer.close();
  }});
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
}

TEST_P(UploadTest, AServerThatClosesBeforeTheBodyIsUnsent) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read_until("\r\n\r\n");
    peer.close();
  }});
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.reply);
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_THAT(got.failure->reason, HasSubstr(" of " + std::to_string(count_all(submission)) + " bytes"));
  EXPECT_EQ(gate.passed, 0);
}

TEST_P(UploadTest, AResetInTheMiddleIsUnsent) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read(1'000'000);
    peer.reset();
  }});
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_GT(got.body_bytes_sent, 900'000U);
  EXPECT_EQ(image.rewinds, 0) << "a fresh connection is not tried twice";
}

TEST_P(UploadTest, AReaderThatStallsTimesOut) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    peer.read(100'000);
    test_says.wait();
  }});
  options.upload_timeout = milliseconds(200);
  const ExchangeEnd got = submit();
  test_says.count_down();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_TRUE(got.failure->timed_out);
  EXPECT_THAT(got.failure->reason, HasSubstr("took nothing for 200 ms"));
}

TEST_P(UploadTest, ASlowReaderDoesNotTimeOutWhileItMakesProgress) {
  submission = make_submission(large);
  start({[&](Peer& peer) {
    std::size_t left = count_all(submission);
    while (left > 0) {
      const std::size_t got = peer.read(std::min<std::size_t>(left, large / 24)).size();
      if (got == 0) return;
      left -= got;
      std::this_thread::sleep_for(milliseconds(120));  // the slowness is what is tested
    }
    peer.send(ok_reply);
  }});
  // As a whole it takes longer; and a machine that is busy may hold one of the two up.
  options.upload_timeout = milliseconds(1200);
  const ExchangeEnd got = submit();
  ASSERT_TRUE(got.reply) << got.failure->reason;
  EXPECT_GT(got.times.upload, options.upload_timeout);
}

TEST_P(UploadTest, AnImageThatCannotBeReadIsUnsent) {
  submission = make_submission(large);
  start({[&](Peer& peer) { EXPECT_LT(peer.read_to_end().size(), count_all(submission)); }});
  image.size = large;
  image.before_read = [this] {
    if (image.position > 2'000'000) image.size = image.position;
  };
  const ExchangeEnd got = submit();
  EXPECT_FALSE(got.committed);
  ASSERT_TRUE(got.failure);
  EXPECT_EQ(got.failure->stage, Stage::upload);
  EXPECT_EQ(got.failure->reason, "read a.png: the file has shrunk");
  the_client.reset();
}

}  // namespace
}  // namespace reeld::test
