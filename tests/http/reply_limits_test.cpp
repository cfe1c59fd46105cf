// ReplyReader: its limits, its headers, and what it says while a reply is on its way.

#include <gmock/gmock.h>

#include "http/http_message.hpp"
#include "http/whole_answer.hpp"
#include "support/deflating.hpp"

namespace reeld {
namespace {

using State = ReplyReader::State;
using test::is_braced;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::size_t feed(ReplyReader& reader, std::string_view text) {
  return reader.feed(std::as_bytes(std::span(text)));
}

TEST(ReplyReader, TellsHowFarItIs) {
  ReplyReader reader;
  EXPECT_EQ(reader.state(), State::empty);
  EXPECT_EQ(feed(reader, ""), 0U);
  EXPECT_EQ(reader.state(), State::empty);
  feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n");
  EXPECT_EQ(reader.state(), State::partial);
  EXPECT_FALSE(reader.has_head());
  feed(reader, "\r\n12");
  EXPECT_TRUE(reader.has_head());
  EXPECT_EQ(reader.reply().body, "12");
  EXPECT_FALSE(reader.keeps_alive());
  feed(reader, "34");
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_EQ(feed(reader, "more"), 0U);
  EXPECT_EQ(reader.take_reply().body, "1234");
}

TEST(ReplyReader, KeepsHeadersAsReceived) {
  ReplyReader reader;
  feed(reader,
       "HTTP/1.1 429 Slow\r\nZ-Last: z\r\nretry-after: 3\r\nA-First:  a b \r\nContent-Length: 0\r\nZ-Last: "
       "y\r\n\r\n");
  EXPECT_THAT(reader.reply().headers,
              ElementsAre(Pair("Z-Last", "z"), Pair("Z-Last", "y"), Pair("retry-after", "3"),
                          Pair("A-First", "a b"), Pair("Content-Length", "0")));
  EXPECT_EQ(reader.reply().header("Retry-After"), "3");
  EXPECT_EQ(reader.reply().header("z-last"), "z");
}

TEST(ReplyReader, TakesNoHeadersFromATrailer) {
  ReplyReader reader;
  feed(reader, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nRetry-After: 3\r\n\r\n");
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.reply().header("Retry-After"), "");
}

TEST(ReplyReader, KeepsNoConnectionAliveThatHasEnded) {
  ReplyReader reader;
  feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(reader.keeps_alive());
  reader.end_of_stream();
  EXPECT_FALSE(reader.keeps_alive());
  EXPECT_EQ(reader.state(), State::complete);
}

TEST(ReplyReader, CanBeMoved) {
  ReplyReader first;
  feed(first, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1");
  ReplyReader second = std::move(first);
  feed(second, "2");
  EXPECT_EQ(second.reply().body, "12");
}

constexpr ReplyLimits small = {Bytes{100}, Bytes{10}};

TEST(ReplyReaderLimits, HoldForTheHead) {
  ReplyReader reader(small);
  EXPECT_EQ(feed(reader, "HTTP/1.1 200 OK\r\nA: " + std::string(200, 'a')), 220U);
  EXPECT_EQ(reader.state(), State::failed);
  EXPECT_EQ(reader.take_reply().body, "HTTP/1.1 2");
  EXPECT_THAT(reader.failure(), HasSubstr("longer than 100 bytes"));
}

TEST(ReplyReaderLimits, RefuseALengthThatIsTooLong) {
  ReplyReader reader(small);
  feed(reader, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 11\r\n\r\n123");
  EXPECT_EQ(reader.state(), State::partial);
  EXPECT_TRUE(reader.is_open_ended());
  feed(reader, "45678901");
  EXPECT_EQ(reader.state(), State::failed);
  EXPECT_TRUE(reader.has_head());
  EXPECT_EQ(reader.reply().status, 502);
  EXPECT_EQ(reader.take_reply().body, "1234567890");
  EXPECT_THAT(reader.failure(), HasSubstr("11 bytes"));
}

TEST(ReplyReaderLimits, KeepWhatArrivedOfALongBody) {
  for (const std::string_view head :
       {"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"}) {
    ReplyReader reader(small);
    feed(reader, head);
    feed(reader, "12345");
    EXPECT_EQ(reader.state(), State::partial);
    EXPECT_EQ(feed(reader, "6789abc"), 7U);
    EXPECT_EQ(reader.state(), State::failed);
    EXPECT_EQ(reader.take_reply().body, "123456789a");
    EXPECT_THAT(reader.failure(), HasSubstr("over the limit of 10 bytes"));
  }
}

TEST(ReplyReaderLimits, TakeABodyOfJustThatSize) {
  ReplyReader reader(small);
  feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
  EXPECT_EQ(reader.state(), State::complete);
}

TEST(ReplyReaderLimits, HoldForChunkHeadsAndTrailers) {
  ReplyReader reader(small);
  feed(reader, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(200, 'x'));
  reader.settle();
  EXPECT_EQ(reader.state(), State::failed);
  EXPECT_THAT(reader.failure(), HasSubstr("chunk"));
}

TEST(ReplyReaderLimits, HoldForEndlessInterimReplies) {
  ReplyReader reader(small);
  for (int i = 0; i < 10; ++i) feed(reader, "HTTP/1.1 102 Processing\r\n\r\n");
  reader.settle();
  EXPECT_EQ(reader.state(), State::failed);
}

TEST(ReplyReaderPatience, EndsWhatNoRuleEnds) {
  ReplyReader reader({.is_whole_answer = is_braced});
  feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n");
  EXPECT_FALSE(reader.is_open_ended()) << "its body may take as long as any";
  feed(reader, "{\"id\":");
  EXPECT_TRUE(reader.is_open_ended());
  feed(reader, "\"video_1\"}");
  EXPECT_EQ(reader.state(), State::partial);
  reader.settle();
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_FALSE(reader.keeps_alive());
  EXPECT_EQ(reader.take_reply().body, "{\"id\":\"video_1\"}");
}

TEST(ReplyReaderPatience, EndsWhatTheCloseEndsOnlyWhereItIsWhole) {
  ReplyReader reader({.is_whole_answer = is_braced});
  feed(reader, "HTTP/1.0 200 OK\r\n\r\n");
  EXPECT_FALSE(reader.is_open_ended()) << "its body may take as long as any";
  feed(reader, "{\"id\":");
  EXPECT_TRUE(reader.is_open_ended());
  reader.settle();
  EXPECT_EQ(reader.state(), State::partial);
  feed(reader, "\"video_1\"}");
  reader.settle();
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_FALSE(reader.keeps_alive());
}

TEST(ReplyReaderPatience, EndsNothingThatARuleEnds) {
  for (const char* text : {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "HTTP/1.1 200 OK\r\nA: b",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"}) {
    ReplyReader reader({.is_whole_answer = is_braced});
    feed(reader, text);
    EXPECT_FALSE(reader.is_open_ended());
    reader.settle();
    EXPECT_EQ(reader.state(), State::partial);
  }
}

/// Nothing more of it can come but trailers.
TEST(ReplyReaderPatience, EndsBehindTheLastChunk) {
  ReplyReader reader({.is_whole_answer = is_braced});
  feed(reader, "HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n");
  EXPECT_EQ(reader.state(), State::partial) << "its connection may serve again";
  EXPECT_TRUE(reader.is_open_ended());
  reader.settle();
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_FALSE(reader.keeps_alive());
  EXPECT_EQ(reader.take_reply().body, "hi");
}

TEST(ReplyReaderPatience, ReadsThroughTheCodings) {
  ReplyReader reader({.is_whole_answer = is_braced});
  const std::string body = test::gzip("{\"id\":\"video_1\"}");
  feed(reader, "HTTP/1.1 200 OK\r\nContent-Length: x\r\nContent-Encoding: gzip\r\n\r\n" + body);
  reader.settle();
  EXPECT_EQ(reader.state(), State::complete);
  EXPECT_EQ(reader.take_reply().body, body);
}

}  // namespace
}  // namespace reeld
