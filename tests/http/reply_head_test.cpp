#include "http/reply_head.hpp"

#include <gmock/gmock.h>

#include "support/bytes_of.hpp"

namespace reeld {
namespace {

using testing::HasSubstr;

ReplyHead read_head(std::string_view text, std::size_t limit = 1000) {
  ReplyHead head(limit);
  head.feed(bytes_of(text));
  return head;
}

TEST(ReplyHead, EndsAtTheEmptyLine) {
  ReplyHead head(1000);
  EXPECT_EQ(head.feed(bytes_of("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody")), 25U);
  EXPECT_TRUE(head.is_whole());
  EXPECT_EQ(head.status(), 200);
  EXPECT_EQ(head.text(), "HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
}

TEST(ReplyHead, ItIsSaidWhereTheServerSpeaksHttp2) {
  using namespace std::string_view_literals;
  const auto settings = "\0\0\x12\x04\0\0\0\0\0"sv;
  const auto goaway = "\0\0\x0a\x07\0\0\0\0\0"sv;  // ten bytes: a line end among them
  for (const auto frame : {settings, goaway}) {
    EXPECT_TRUE(begins_http2(frame));
    EXPECT_EQ(read_head(frame).failure(), http2_advice);
    EXPECT_EQ(read_head(frame.substr(0, 8)).failure(), "") << "it may still be something else";
  }
  for (const auto other : {"\0\0\x12\x04\0\0\0\0\1"sv, "\0\0\x12\x01\0\0\0\0\0"sv, "\0\1"sv, "\1"sv})
    EXPECT_THAT(read_head(other).failure(), HasSubstr("not HTTP/1"));
}

TEST(ReplyHead, TellsTheStatusBeforeItIsWhole) {
  EXPECT_EQ(read_head("HTTP/1.1 20").status(), 0);
  EXPECT_EQ(read_head("HTTP/1.1 200").status(), 0) << "a fourth digit may come";
  EXPECT_EQ(read_head("HTTP/1.1 200 ").status(), 200);
  EXPECT_EQ(read_head("HTTP/1.1 200\n").status(), 200);
  EXPECT_FALSE(read_head("HTTP/1.1 200 OK\r\nA: ").is_whole());
  EXPECT_EQ(read_head("HTTP/1.1 200 OK\r\nA: ").status(), 200);
}

TEST(ReplyHead, TakesLoneLineFeeds) {
  const ReplyHead head = read_head("HTTP/1.0 404 Not Found\nA: b\n\nbody");
  EXPECT_TRUE(head.is_whole());
  EXPECT_EQ(head.text(), "HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n");
}

TEST(ReplyHead, GivesAMissingReasonItsSpace) {
  EXPECT_EQ(read_head("HTTP/1.1 204\r\n\r\n").text(), "HTTP/1.1 204 \r\n\r\n");
}

TEST(ReplyHead, FailsAtTheFirstWrongByte) {
  for (const std::string_view text :
       {"SSH-2.0-x", "\x15\x03\x01", "<html>", "HTTP/2 200", "\n", "hTTP/1.1"}) {
    EXPECT_THAT(read_head(text).failure(), HasSubstr("not HTTP/1")) << text;
  }
  EXPECT_EQ(read_head("HTTP").failure(), "");
}

TEST(ReplyHead, RefusesAMalformedStatusLine) {
  for (const std::string_view text :
       {"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n"}) {
    EXPECT_THAT(read_head(text).failure(), HasSubstr("status line")) << text;
  }
}

TEST(ReplyHead, HasALimitOverAllInterimReplies) {
  EXPECT_EQ(read_head("HTTP/1.1 200 OK\r\n\r\n", 19).failure(), "");
  EXPECT_THAT(read_head("HTTP/1.1 200 OK\r\n\r\n", 18).failure(), HasSubstr("longer than 18 bytes"));

  ReplyHead head(30);
  head.feed(bytes_of("HTTP/1.1 100 \r\n\r\n"));
  ASSERT_TRUE(head.is_whole());
  head.start_over();
  EXPECT_FALSE(head.is_whole());
  EXPECT_EQ(head.text(), "");
  head.feed(bytes_of("HTTP/1.1 200 OK\r\n\r\n"));
  EXPECT_THAT(head.failure(), HasSubstr("longer than 30 bytes"));
}

}  // namespace
}  // namespace reeld
