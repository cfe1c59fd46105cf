#include "http/http_message.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace reeld {
namespace {

using namespace std::string_literals;

TEST(BuildRequestHead, KeepsTheOrderOfHeaders) {
  EXPECT_EQ(build_request_head("POST", "/v1/videos", {{"Host", "api.example"}, {"Content-Length", "3"}}),
            "POST /v1/videos HTTP/1.1\r\nHost: api.example\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(build_request_head("CONNECT", "api.example:443", {}), "CONNECT api.example:443 HTTP/1.1\r\n\r\n");
}

TEST(BuildRequestHead, LetsNothingBreakOutOfItsLine) {
  for (const std::string& bad : {"a\rb"s, "a\nb"s, "a\r\nb"s, "a\0b"s}) {
    EXPECT_THROW(build_request_head("GET", "/", {{"X-Key", bad}}), std::invalid_argument);
    EXPECT_THROW(build_request_head("GET", "/", {{bad, "value"}}), std::invalid_argument);
    EXPECT_THROW(build_request_head("GET", bad, {}), std::invalid_argument);
    EXPECT_THROW(build_request_head(bad, "/", {}), std::invalid_argument);
  }
  EXPECT_THROW(build_request_head("GET", "/a b", {}), std::invalid_argument);
  EXPECT_THROW(build_request_head("GET", "", {}), std::invalid_argument);
  EXPECT_THROW(build_request_head("GET", "/", {{"", "v"}}), std::invalid_argument);
  EXPECT_THROW(build_request_head("GET", "/", {{"A:", "v"}}), std::invalid_argument);
}

TEST(BuildRequestHead, DoesNotQuoteTheValueThatItRefuses) {
  try {
    build_request_head("GET", "/", {{"Authorization", "Bearer secret\n"}});
    FAIL() << "accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

TEST(ReplyHeader, IsFoundWithoutCase) {
  Reply reply;
  reply.headers = {{"Content-Type", "text/html"}, {"X-A", "1"}, {"x-a", "2"}};
  EXPECT_EQ(reply.header("content-type"), "text/html");
  EXPECT_EQ(reply.header("X-a"), "1");
  EXPECT_EQ(reply.header("X-B"), "");
}

}  // namespace
}  // namespace reeld
