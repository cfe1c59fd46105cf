#include "http/head_mending.hpp"

#include <gtest/gtest.h>

namespace reeld {
namespace {

const std::string ok = "HTTP/1.1 200 OK\r\n";

TEST(MendHead, LeavesAProperHeadAsItIs) {
  for (const char* headers : {"", "Content-Length: 2\r\n", "Transfer-Encoding: chunked\r\n", "A: b : c\r\n",
                              "A: b\r\n folded : line\r\n", "Content-Length: 2\r\nContent-Length: 3\r\n",
                              "Content-Length: 2, 3\r\n", "Content-Length: two\r\n",
                              "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n"}) {
    const std::string before = ok + headers + "\r\n";
    std::string head = before;
    EXPECT_FALSE(mend_head(head)) << headers;
    EXPECT_EQ(head, before);
  }
}

TEST(MendHead, ClosesUpTheColon) {
  std::string head = ok + "A \t: b\r\nC: d\r\n\r\n";
  EXPECT_TRUE(mend_head(head));
  EXPECT_EQ(head, ok + "A: b\r\nC: d\r\n\r\n");
}

TEST(MendHead, TransferEncodingOverridesContentLength) {
  std::string head =
      ok + "CONTENT-LENGTH: 2\r\nTransfer-Encoding: gzip, Chunked\r\nContent-Length : 3\r\nA: b\r\n\r\n";
  EXPECT_TRUE(mend_head(head));
  EXPECT_EQ(head, ok + "Transfer-Encoding: gzip, Chunked\r\nA: b\r\n\r\n");
}

TEST(MendHead, TakesOutWhatIsNoHeader) {
  std::string head = ok + "no colon here\r\n: nameless\r\n folded\r\nA b: c\r\nD: \x01\r\nE: f\r\n\r\n";
  EXPECT_TRUE(mend_head(head));
  EXPECT_EQ(head, ok + "E: f\r\n\r\n");
}

TEST(MendHead, IdentityIsNoCoding) {
  std::string head = ok + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n";
  EXPECT_TRUE(mend_head(head));
  EXPECT_EQ(head, ok + "Content-Length: 2\r\n\r\n");
}

TEST(MendHead, WhatIsSaidTwiceIsSaidOnce) {
  std::string head = ok + "Transfer-Encoding: chunked\r\nA: b\r\ntransfer-encoding: Chunked\r\n\r\n";
  EXPECT_TRUE(mend_head(head));
  EXPECT_EQ(head, ok + "Transfer-Encoding: chunked\r\nA: b\r\n\r\n");
}

}  // namespace
}  // namespace reeld
