// Each reply of the table is fed whole, byte by byte, and in two pieces cut everywhere: all must give the
// same.

#include <gmock/gmock.h>

#include "http/http_message.hpp"
#include "http/whole_answer.hpp"
#include "support/bytes_of.hpp"

namespace reeld {
namespace {

using State = ReplyReader::State;
using test::is_braced;
using testing::HasSubstr;

struct Case {
  Case(std::string the_name, std::string the_bytes, State the_state, int the_status, std::string the_body)
      : name(std::move(the_name)),
        bytes(std::move(the_bytes)),
        state(the_state),
        status(the_status),
        body(std::move(the_body)),
        keeps_alive(the_state == State::complete) {}

  Case& leaves(std::size_t count) { return left_over = count, *this; }
  Case& goes_stale() { return keeps_alive = false, *this; }
  Case& ends_after() { return ends = true, goes_stale(); }
  Case& to_connect() { return no_body = true, *this; }
  Case& because(std::string reason) { return failure = std::move(reason), *this; }

  std::string name;
  std::string bytes;
  State state;
  int status;
  std::string body;
  std::size_t left_over = 0;
  bool keeps_alive;
  bool ends = false;     // the peer closes after these bytes
  bool no_body = false;  // the reply to a CONNECT
  std::string failure;   // a part of the reason
};

Case complete(std::string name, std::string bytes, int status, std::string body) {
  return {std::move(name), std::move(bytes), State::complete, status, std::move(body)};
}

Case cut(std::string name, std::string bytes, int status, std::string body, std::string why) {
  return Case(std::move(name), std::move(bytes), State::partial, status, std::move(body))
      .ends_after()
      .because(why);
}

Case failed(std::string name, std::string bytes, int status, std::string body, std::string why) {
  return Case(std::move(name), std::move(bytes), State::failed, status, std::move(body)).because(why);
}

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";

std::vector<Case> make_complete_cases() {
  return {
      complete("length", ok + "Content-Length: 5\r\n\r\nhello", 200, "hello"),
      complete("left_over", ok + "Content-Length: 5\r\n\r\nhelloHTTP/1.1", 200, "hello").leaves(8),
      complete("empty_body", "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\nx", 202, "").leaves(1),
      complete("no_content", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
      complete("chunks", chunked + "5\r\nhello\r\n1;a=b\r\n!\r\n0\r\n\r\n", 200, "hello!"),
      complete("one_small_chunk", chunked + "1\r\n{\r\n0\r\n\r\nxy", 200, "{").leaves(2),
      complete("no_chunk", chunked + "0\r\n\r\n", 200, ""),
      complete("trailer", chunked + "2\r\nhi\r\n0\r\nX-T: 1\r\n\r\nrest", 200, "hi").leaves(4),
      complete("interim",
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
               "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}",
               201, "{}"),
      complete("close", "HTTP/1.1 500 X\r\nConnection: close\r\nContent-Length: 1\r\n\r\n.", 500, ".")
          .goes_stale(),
      complete("http_1_0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n.", 200, ".").goes_stale(),
      complete("line_feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", 200, "{}"),
      complete("no_reason", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"),
      complete("same_lengths", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"),
      complete("until_close", ok + "\r\n{\"id\":1}", 200, "{\"id\":1}").ends_after(),
      complete("until_close_empty", ok + "\r\n", 200, "").ends_after(),
      complete("connect", "HTTP/1.1 200 Connection established\r\n\r\n\x16\x03", 200, "")
          .to_connect()
          .leaves(2),
      complete("length_then_chunks",
               ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, "{}")
          .goes_stale(),
      complete("chunks_then_length",
               ok + "Transfer-Encoding: gzip, Chunked\r\ncontent-length : 99\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
               200, "{}")
          .goes_stale(),
      complete("blank_before_colon", ok + "Content-Length \t: 2\r\nX: a : b\r\n\r\n{}", 200, "{}")
          .goes_stale(),
      complete("blanks_behind_size", chunked + "2  \r\n{}\r\n1 \t;a=b\r\n \r\n0 \r\n\r\nxy", 200, "{} ")
          .goes_stale()
          .leaves(2),
      complete("chunks_with_lone_line_feeds", chunked + "2\n{}\r\n1\n \n0\n\nxy", 200, "{} ")
          .goes_stale()
          .leaves(2),
      complete("no_end_behind_the_last_chunk", chunked + "2\r\n{}\r\n0\r\n", 200, "{}").ends_after(),
      complete("nor_where_it_is_no_json", chunked + "2\r\nhi\r\n0\r\n", 200, "hi").ends_after(),
      complete("nor_where_it_is_the_only_one", chunked + "0\r\n", 200, "").ends_after(),
      complete("a_malformed_trailer", chunked + "2\r\n{}\r\n0\r\nno trailer\r\n\r\n", 200, "{}").ends_after(),
      complete("connect_lengths", ok + "Transfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n", 200, "")
          .to_connect()
          .goes_stale(),
      complete("connect_length", ok + "Content-Length: 9\r\n\r\n", 200, "").to_connect(),
      complete("connect_refused", "HTTP/1.1 407 No\r\nContent-Length: 2\r\n\r\nno", 407, "no").to_connect(),
  };
}

std::vector<Case> make_cut_cases() {
  return {
      Case("nothing", "", State::empty, 0, "").ends_after(),
      cut("head", ok + "Conte", 0, "", "headers"),
      cut("interim", "HTTP/1.1 100 Continue\r\n\r\n", 0, "", "headers"),
      cut("body", ok + "Content-Length: 5\r\n\r\nhe", 200, "he", "2 of 5 bytes"),
      cut("chunk", chunked + "5\r\nhe", 200, "he", "after 2 bytes"),
      cut("first_chunk", chunked + "5\r\nh", 200, "h", "after 1 bytes"),
      cut("in_last_chunk", chunked + "2\r\nhi\r\n0\r", 200, "hi", "after 2 bytes"),
      cut("before_any_chunk", chunked, 200, "", "after 0 bytes"),
  };
}

/// Read to the close, for no rule tells where it ends; the connection is not used again.
Case open_ended(std::string name, std::string bytes, std::string body) {
  return complete(std::move(name), std::move(bytes), 200, std::move(body)).ends_after();
}

Case lost(std::string name, std::string bytes, int status, std::string body, std::string why) {
  return failed(std::move(name), std::move(bytes), status, std::move(body), std::move(why)).ends_after();
}

std::vector<Case> make_open_ended_cases() {
  const std::string queued = R"({"id":"video_1"})";
  return {
      open_ended("two_lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n" + queued, queued),
      open_ended("bad_length", ok + "Content-Length: two\r\n\r\n" + queued, queued),
      open_ended("gzip_then_length", ok + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\n" + queued,
                 queued),
      open_ended("chunks_that_are_none", chunked + queued, queued),
      open_ended("small_chunks_that_are_none", chunked + "{}", "{}"),
      open_ended("bad_last_chunk", chunked + "10\r\n" + queued + "\r\nzz\r\n\r\n", queued),
      open_ended("no_line_end_behind_a_chunk", chunked + "10\r\n" + queued + "0\r\n\r\n", queued),
      complete("garbage_in_the_head", ok + "No colon here\r\nA\x01: b\r\nContent-Length: 2\r\n\r\n{}", 200,
               "{}")
          .goes_stale(),
      complete("identity_and_length", ok + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}", 200,
               "{}")
          .goes_stale(),
      complete("chunked_twice",
               ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
               200, "{}")
          .goes_stale(),
      complete("one_length_twice_in_a_line", ok + "Content-Length: 2, 2\r\n\r\n{}", 200, "{}"),
      complete("connect_two_lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n\x16", 200, "")
          .to_connect()
          .goes_stale()
          .leaves(1),
      complete("connect_gzip_and_length", ok + "Transfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x16",
               200, "")
          .to_connect()
          .leaves(1),
      complete("connect_bad_length", ok + "Content-Length: two\r\n\r\n\x16", 200, "")
          .to_connect()
          .goes_stale()
          .leaves(1),
  };
}

std::vector<Case> make_failed_cases() {
  return {
      lost("not_http", "<html>hello</html>", 0, "<html>hello</html>", "not HTTP/1"),
      lost("only_a_body", R"({"id":"video_1"})", 0, R"({"id":"video_1"})", "not HTTP/1"),
      lost("icy", "ICY 200 OK\r\n\r\n{}", 0, "ICY 200 OK\r\n\r\n{}", "not HTTP/1"),
      lost("http_2", "PRI * HTTP/2.0\r\n\r\n", 0, "PRI * HTTP/2.0\r\n\r\n", "not HTTP/1"),
      lost("bad_status", "HTTP/1.1 two\r\n\r\n{}", 0, "HTTP/1.1 two\r\n\r\n{}", "status line"),
      lost("two_lengths", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]", 200, "[]",
           "two Content-Lengths"),
      lost("bad_length", ok + "Content-Length: two\r\n\r\n<p>", 200, "<p>", "Content-Length"),
      lost("lengths_without_chunks", ok + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n\r\n",
           200, "no\r\n\r\n", "chunks"),
      lost("gzip_then_length", ok + "Transfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno", 200, "no",
           "both"),
      lost("bad_chunk", chunked + "2\r\nhi\r\nzz\r\n", 200, "hi\r\nzz\r\n", "chunks"),
      lost("bad_first_chunk", chunked + "hello\r\n", 200, "hello\r\n", "chunks"),
      lost("bad_chunk_end", chunked + "2\r\nhiXX2\r\nho\r\n", 200, "hiXX2\r\nho\r\n", "chunks"),
      lost("switched", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 101,
           "HTTP/1.1 101 Switching Protocols\r\n\r\n", "switched protocols"),
      lost("too_long_by_its_length", ok + "Content-Length: 2000000\r\n\r\n{\"id\":1}", 200, "{\"id\":1}",
           "over the limit"),
  };
}

struct Outcome {
  State state;
  Reply reply;
  std::size_t left_over;
  bool keeps_alive;
  std::string failure;
};

/// Feeds `bytes` in pieces that end at the given places.
Outcome feed_in_pieces(const Case& test, const std::vector<std::size_t>& cuts) {
  ReplyReader reader({.is_whole_answer = is_braced}, test.no_body);
  std::size_t used = 0;
  std::size_t from = 0;
  for (const std::size_t to : cuts) {
    const auto piece = std::string_view(test.bytes).substr(from, to - from);
    used += reader.feed(bytes_of(piece));
    from = to;
  }
  if (test.ends) reader.end_of_stream();
  return {reader.state(), reader.reply(), test.bytes.size() - used, reader.keeps_alive(), reader.failure()};
}

std::vector<std::vector<std::size_t>> list_ways_to_cut(std::size_t size) {
  std::vector<std::vector<std::size_t>> ways = {{size}};
  std::vector<std::size_t> each;
  for (std::size_t i = 1; i <= size; ++i) each.push_back(i);
  ways.push_back(each);
  for (std::size_t i = 1; i < size; ++i) ways.push_back({i, size});
  return ways;
}

class ReplyReaderTable : public testing::TestWithParam<Case> {};

TEST_P(ReplyReaderTable, ReadsTheSameHoweverItIsCut) {
  const Case& test = GetParam();
  for (const auto& cuts : list_ways_to_cut(test.bytes.size())) {
    const Outcome outcome = feed_in_pieces(test, cuts);
    SCOPED_TRACE(testing::PrintToString(cuts));
    EXPECT_EQ(outcome.state, test.state) << outcome.failure;
    EXPECT_EQ(outcome.reply.status, test.status);
    EXPECT_EQ(outcome.reply.body, test.body);
    EXPECT_EQ(outcome.left_over, test.left_over);
    EXPECT_EQ(outcome.keeps_alive, test.keeps_alive);
    EXPECT_THAT(outcome.failure, HasSubstr(test.failure));
    EXPECT_EQ(outcome.failure.empty(), test.failure.empty()) << outcome.failure;
  }
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Complete, ReplyReaderTable, testing::ValuesIn(make_complete_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Cut, ReplyReaderTable, testing::ValuesIn(make_cut_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(OpenEnded, ReplyReaderTable, testing::ValuesIn(make_open_ended_cases()), name_of);
INSTANTIATE_TEST_SUITE_P(Malformed, ReplyReaderTable, testing::ValuesIn(make_failed_cases()), name_of);

}  // namespace
}  // namespace reeld
