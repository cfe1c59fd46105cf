// ReplyReader of http/http_message.hpp. Beast's parser is the codec; it never sees a socket.

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <limits>
#include <optional>

#include "http/chunk_sizes.hpp"
#include "http/content_coding.hpp"
#include "http/head_mending.hpp"
#include "http/http_message.hpp"
#include "http/reply_head.hpp"

namespace reeld {
namespace {

namespace http = boost::beast::http;
using Parser = http::response_parser<http::string_body>;
using boost::beast::error_code;

// Beast 1.81 asserts that a body that is nothing but a last chunk ("0" CRLF CRLF) is offered in pieces of
// five bytes or more. No chunked body is shorter.
constexpr std::size_t min_chunked_body = 5;

std::string describe(const error_code& error) {
  if (error == http::error::multiple_content_length) return "the reply has two Content-Lengths that differ";
  if (error == http::error::bad_content_length) return "the reply's Content-Length is malformed or conflicts";
  if (error == http::error::bad_transfer_encoding)
    return "the reply's Transfer-Encoding is malformed or conflicts";
  if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension) {
    return "the reply's chunks are malformed";
  }
  return "the reply is malformed: " + error.message();
}

bool has_conflicting_lengths(const Parser& parser) {
  return parser.get().count(http::field::transfer_encoding) > 0 &&
         parser.get().count(http::field::content_length) > 0;
}

}  // namespace

struct ReplyReader::Impl {
  Impl(ReplyLimits the_limits, bool is_without_body)
      : limits(the_limits), no_body(is_without_body), head(the_limits.head.count) {}

  std::size_t feed_head(std::span<const std::byte> bytes);
  void finish_head();
  void lose_head(std::string reason);
  void parse_head();
  error_code try_head(std::string_view text, bool skips_body);
  void copy_headers();
  void check_framing();

  std::size_t feed_body(std::span<const std::byte> bytes);
  void parse_pending();
  void take_body();
  void end_body();
  std::string describe_cut() const;

  void lose_track(std::string reason, std::string_view begun);
  void lose_chunks(std::string reason);
  std::size_t feed_lost(std::span<const std::byte> bytes);
  bool is_until_close() const;
  bool is_body_over() const;
  void settle();
  void keep_rest();
  bool take_if_whole(std::string body);

  void fail(std::string reason) {
    state = State::failed;
    failure = std::move(reason);
  }

  ReplyLimits limits;
  bool no_body;
  ReplyHead head;
  std::optional<Parser> parser;  // from the end of the final reply's head on
  std::string pending;           // body bytes that the parser wants to see again, with more behind them
  Reply reply;
  State state = State::empty;
  bool has_head = false;
  bool has_ended = false;  // the peer has closed
  bool saw_chunk = false;
  ChunkSizes chunk_sizes;
  bool is_amiss = false;        // its head had to be mended
  std::string lost;             // why no rule tells where it ends; "" as long as one does
  std::string unread;           // ... and what has come since that, as it came
  bool is_cut_by_rule = false;  // ... but a rule tells that this cannot be all of it
  std::string failure;
};

std::size_t ReplyReader::Impl::feed_head(std::span<const std::byte> bytes) {
  const std::size_t used = head.feed(bytes);
  if (!head.failure().empty()) {
    lose_head(head.failure());
  } else if (head.is_whole()) {
    finish_head();
  }
  return used;
}

void ReplyReader::Impl::finish_head() {
  const int status = head.status();
  if (status == 101) return lose_head("the server switched protocols (status 101), which was not asked for");
  if (status < 200) return head.start_over();
  has_head = true;
  reply.status = status;
  parse_head();
}

void ReplyReader::Impl::parse_head() {
  const bool skips_body = no_body && reply.status < 300;
  error_code error = try_head(head.text(), skips_body);
  if (error || has_conflicting_lengths(*parser)) {
    std::string mended(head.text());
    is_amiss = mend_head(mended);
    if (is_amiss) error = try_head(mended, skips_body);
  }
  copy_headers();
  const bool has_framing = !error && parser->is_header_done();
  is_amiss = is_amiss || !has_framing;
  if (skips_body) {
    // A tunnel is open, whatever stands in its head (RFC 9110 9.3.6).
    state = State::complete;
  } else if (!has_framing) {
    lose_track(describe(error), "");
  } else {
    check_framing();
  }
  if (state == State::partial && lost.empty() && parser->is_done()) state = State::complete;
}

error_code ReplyReader::Impl::try_head(std::string_view text, bool skips_body) {
  parser.emplace();
  parser->header_limit(std::numeric_limits<std::uint32_t>::max());  // both limits are kept here
  parser->body_limit(boost::none);
  parser->skip(skips_body);
  error_code error;
  parser->put(boost::asio::buffer(text), error);
  return error;
}

void ReplyReader::Impl::copy_headers() {
  for (const auto& field : parser->get()) reply.headers.emplace_back(field.name_string(), field.value());
}

void ReplyReader::Impl::check_framing() {
  if (has_conflicting_lengths(*parser))
    return lose_track("the reply has both a Content-Length and a Transfer-Encoding", "");
  if (parser->content_length().value_or(0) <= limits.body.count) return;
  lose_track("the reply's body of " + std::to_string(*parser->content_length()) +
                 " bytes is over the limit of " + std::to_string(limits.body.count),
             "");
  is_cut_by_rule = true;
}

std::size_t ReplyReader::Impl::feed_body(std::span<const std::byte> bytes) {
  const std::string_view arrived(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (parser->chunked()) {
    chunk_sizes.pass(arrived, pending);
  } else {
    pending.append(arrived);
  }
  const bool waits_for_chunk = parser->chunked() && !saw_chunk && pending.size() < min_chunked_body;
  if (!waits_for_chunk) parse_pending();
  if (state == State::partial && lost.empty() && chunk_sizes.is_lost())
    lose_chunks(describe(http::error::bad_chunk));
  // Of a whole reply nothing is pending but what came behind it, just now.
  return state == State::complete ? bytes.size() - pending.size() : bytes.size();
}

void ReplyReader::Impl::parse_pending() {
  saw_chunk = true;
  error_code error;
  parser->eager(true);
  const std::size_t used = parser->put(boost::asio::buffer(pending), error);
  pending.erase(0, used);
  take_body();
  if (state == State::failed) return;
  if (error && error != http::error::need_more) {
    lose_chunks(describe(error));
  } else if (parser->is_done()) {
    state = State::complete;
  } else if (pending.size() > limits.head.count) {
    lose_chunks("a chunk's head or the trailer is longer than " + std::to_string(limits.head.count) +
                " bytes");
  }
}

/// Moves what the parser has decoded to the reply.
void ReplyReader::Impl::take_body() {
  std::string& decoded = parser->get().body();
  reply.body += decoded;
  decoded.clear();
  if (reply.body.size() <= limits.body.count) return;
  reply.body.resize(limits.body.count);
  fail("the reply's body is over the limit of " + std::to_string(limits.body.count) + " bytes");
}

void ReplyReader::Impl::end_body() {
  if (!pending.empty()) parse_pending();
  if (state != State::partial) return;
  error_code error;
  parser->put_eof(error);
  if (!error || is_body_over()) {
    is_amiss = is_amiss || error;
    state = State::complete;
  } else {
    failure = describe_cut();
  }
}

std::string ReplyReader::Impl::describe_cut() const {
  std::string text = "the peer closed the connection after " + std::to_string(reply.body.size());
  if (const auto length = parser->content_length()) text += " of " + std::to_string(*length);
  return text + " bytes of the reply's body";
}

/// From here on nothing is understood, and all of it is kept. `begun`: what belongs to it of what was taken
/// already.
void ReplyReader::Impl::lose_track(std::string reason, std::string_view begun) {
  lost = std::move(reason);
  unread = begun;
}

/// There is no head, or none that a reply has.
void ReplyReader::Impl::lose_head(std::string reason) {
  reply.status = std::max(head.status(), 0);
  lose_track(std::move(reason), head.text());
  is_cut_by_rule = true;
}

void ReplyReader::Impl::lose_chunks(std::string reason) {
  lose_track(std::move(reason), pending);
  pending.clear();
}

std::size_t ReplyReader::Impl::feed_lost(std::span<const std::byte> bytes) {
  unread.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (reply.body.size() + unread.size() <= limits.body.count) return bytes.size();
  reply.body += unread;
  reply.body.resize(limits.body.count);
  fail(lost + "; and what came is over the limit of " + std::to_string(limits.body.count) + " bytes");
  return bytes.size();
}

void ReplyReader::Impl::keep_rest() {
  if (state != State::partial || !reply.body.empty()) return;
  reply.status = std::max(head.status(), 0);
  reply.body = parser ? pending : std::string(head.text());
}

bool ReplyReader::Impl::is_until_close() const {
  return state == State::partial && lost.empty() && parser && parser->is_header_done() && parser->need_eof();
}

/// All of a body is there with its last chunk, whether or not the empty line behind that has come.
bool ReplyReader::Impl::is_body_over() const {
  return state == State::partial && lost.empty() && chunk_sizes.has_ended();
}

void ReplyReader::Impl::settle() {
  if (state != State::partial) return;
  if (is_body_over()) {
    is_amiss = true;
    state = State::complete;
    return;
  }
  if (is_until_close()) return static_cast<void>(take_if_whole(reply.body));
  if (lost.empty()) return;
  std::string all = reply.body + unread;
  // What stands behind a whole object may be the framing that went wrong.
  if (!is_cut_by_rule && (take_if_whole(all) || (!unread.empty() && take_if_whole(reply.body)))) return;
  reply.body = std::move(all);
  fail(lost);
}

/// Whether it reads as an answer does.
bool ReplyReader::Impl::take_if_whole(std::string body) {
  Reply candidate{reply.status, reply.headers, std::move(body), {}, {}, {}};
  std::string as_it_came = candidate.body;
  take_codings_off(candidate, limits.body);
  if (limits.is_whole_answer == nullptr || !limits.is_whole_answer(candidate.body)) return false;
  reply.body = std::move(as_it_came);
  state = State::complete;
  return true;
}

ReplyReader::ReplyReader(ReplyLimits limits, bool no_body) : impl_(std::make_unique<Impl>(limits, no_body)) {}
ReplyReader::~ReplyReader() = default;
ReplyReader::ReplyReader(ReplyReader&&) noexcept = default;
ReplyReader& ReplyReader::operator=(ReplyReader&&) noexcept = default;

std::size_t ReplyReader::feed(std::span<const std::byte> bytes) {
  if (bytes.empty() || impl_->state == State::complete) return 0;
  if (impl_->state == State::empty) impl_->state = State::partial;
  std::size_t used = 0;
  while (used < bytes.size() && impl_->state == State::partial) {
    const auto rest = bytes.subspan(used);
    if (!impl_->lost.empty()) {
      used += impl_->feed_lost(rest);
    } else {
      used += impl_->parser ? impl_->feed_body(rest) : impl_->feed_head(rest);
    }
  }
  return impl_->state == State::failed ? bytes.size() : used;
}

void ReplyReader::end_of_stream() {
  impl_->has_ended = true;
  if (impl_->state != State::partial) return;
  if (!impl_->lost.empty()) {
    impl_->settle();
  } else if (impl_->parser) {
    impl_->end_body();
  } else {
    impl_->failure = "the peer closed the connection in the middle of the reply's headers";
  }
}

bool ReplyReader::is_open_ended() const {
  const bool has_begun = !impl_->reply.body.empty() || !impl_->unread.empty();
  const bool is_lost = impl_->state == State::partial && !impl_->lost.empty();
  return impl_->is_body_over() || (has_begun && (is_lost || impl_->is_until_close()));
}
void ReplyReader::settle() {
  impl_->settle();
}
void ReplyReader::keep_rest() {
  impl_->keep_rest();
}

ReplyReader::State ReplyReader::state() const {
  return impl_->state;
}
bool ReplyReader::has_head() const {
  return impl_->has_head;
}
int ReplyReader::status() const {
  return impl_->has_head ? impl_->reply.status : impl_->head.status();
}
const Reply& ReplyReader::reply() const {
  return impl_->reply;
}
Reply ReplyReader::take_reply() {
  return std::move(impl_->reply);
}
const std::string& ReplyReader::failure() const {
  return impl_->failure;
}

bool ReplyReader::keeps_alive() const {
  const bool is_amiss = impl_->is_amiss || impl_->chunk_sizes.is_amiss() || !impl_->lost.empty();
  return impl_->state == State::complete && !impl_->has_ended && !is_amiss && impl_->parser->keep_alive();
}

}  // namespace reeld
