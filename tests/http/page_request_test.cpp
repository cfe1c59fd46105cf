#include "http/page_request.hpp"

#include <gmock/gmock.h>

namespace reeld {
namespace {

using PageState = PageRequestReader::State;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string path_of(const std::string& target) {
  PageRequestReader reader;
  EXPECT_EQ(reader.feed("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n"), PageState::whole) << target;
  return reader.request().path;
}

TEST(PageRequest, IsReadByteByByte) {
  const std::string text = "HEAD /healthz HTTP/1.1\r\nHost: localhost:9465\r\nAccept: */*\r\n\r\n";
  PageRequestReader reader;
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    ASSERT_EQ(reader.feed(text.substr(i, 1)), PageState::reading) << i;
  EXPECT_EQ(reader.feed("\n"), PageState::whole);
  EXPECT_EQ(reader.request().method, "HEAD");
  EXPECT_EQ(reader.request().path, "/healthz");
  EXPECT_EQ(reader.feed("more"), PageState::whole);
}

TEST(PageRequest, AQueryAndAHostAreNoPartOfThePath) {
  EXPECT_EQ(path_of("/metrics?name[]=up"), "/metrics");
  EXPECT_EQ(path_of("http://127.0.0.1:9465/metrics"), "/metrics");
  EXPECT_EQ(path_of("http://127.0.0.1:9465"), "/");
  EXPECT_EQ(path_of("/a://b"), "/a://b");
  EXPECT_EQ(path_of("*"), "*");
}

TEST(PageRequest, ABodyIsNotWaitedFor) {
  PageRequestReader reader;
  EXPECT_EQ(reader.feed("POST /metrics HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n"), PageState::whole);
  EXPECT_EQ(reader.request().method, "POST");
  PageRequestReader old;
  EXPECT_EQ(old.feed("GET /metrics HTTP/1.0\r\n\r\n"), PageState::whole);
}

TEST(PageRequest, WhatIsNoHttpIsMalformed) {
  for (const char* const text :
       {"\x16\x03\x01\x02\x01\x00\x01\x00\r\n\r\n", "GET\r\n\r\n", "GET /metrics HTTP/2.0\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nno colon\r\n\r\n", "\r\n\r\n\r\n"}) {
    PageRequestReader reader;
    EXPECT_EQ(reader.feed(text), PageState::malformed) << text;
  }
}

TEST(PageRequest, AHeadWithoutEndIsCutOff) {
  PageRequestReader line;
  PageState state = PageState::reading;
  std::size_t fed = 0;
  for (; state == PageState::reading; fed += 100) state = line.feed(std::string(100, 'x'));
  EXPECT_NE(state, PageState::whole);
  EXPECT_LE(fed, PageRequestReader::max_head + 100);
  PageRequestReader fields;
  state = fields.feed("GET / HTTP/1.1\r\n");
  for (fed = 0; state == PageState::reading; fed += 10) state = fields.feed("a: bcdef\r\n");
  EXPECT_EQ(state, PageState::too_long);
  EXPECT_LE(fed, PageRequestReader::max_head + 100);
}

TEST(Page, IsWrittenWhole) {
  const std::string text = write_page({503, "text/plain", "no\n"}, false, SystemTime{});
  EXPECT_THAT(
      text,
      StartsWith("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nConnection: close\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\nno\n"));
}

TEST(Page, ToHeadEndsWithItsHeaders) {
  const std::string text = write_page({200, "text/plain", "ok\n"}, true, SystemTime{});
  EXPECT_THAT(text, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
  EXPECT_THAT(write_page({405, "text/plain", ""}, false, SystemTime{}),
              HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

}  // namespace
}  // namespace reeld
