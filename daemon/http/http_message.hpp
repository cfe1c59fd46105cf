#pragma once
// HTTP/1.1 messages: the head of a request, and an incremental reader of replies with limits.
//
// Errors: a reply whose end no rule can tell is read to its end all the same, for it is evidence of money;
// then the reader is in `failed`, with the reason in words, unless the reply can be read. Threads: plain
// values. Source: RFC 9112, RFC 9110.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.hpp"

namespace reeld {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// "METHOD TARGET HTTP/1.1" CRLF, the headers in order, and the empty line.
/// Errors: std::invalid_argument when a name or value holds a CR, LF or NUL.
std::string build_request_head(std::string_view method, std::string_view target, const Headers& headers);

/// A final reply (status 200 and above).
struct Reply {
  int status = 0;
  Headers headers;   // as received, in order of first mention (values of one name stand together)
  std::string body;  // what arrived of it, decoded from chunks
  // Of a body that cannot be read as it is (http/content_coding.hpp):
  std::string coding{};   // what it is still compressed with: "br"; "" for nothing
  std::string flaw{};     // what is wrong with it, behind "the answer": "is compressed as br, which ..."
  std::string glimpse{};  // as much of it as could be read all the same

  /// The first value of that header, compared without case; "" where there is none.
  std::string_view header(std::string_view name) const;
};

struct ReplyLimits {
  Bytes head = kibibytes(64);
  Bytes body = mebibytes(1);
  /// Whether a body reads as a whole answer does: asked where no framing tells its end. Null: none does.
  bool (*is_whole_answer)(const std::string& body) = nullptr;
};

/// Reads one final reply from bytes that arrive in any pieces; interim replies (1xx) are skipped.
class ReplyReader {
 public:
  enum class State {
    empty,     // not a byte has arrived
    partial,   // more is needed
    complete,  // the reply is whole by its own framing
    failed,    // malformed or over a limit; `failure()` says which, and `reply()` has what came
  };

  /// `no_body`: the reply to a CONNECT, which has none when its status is 2xx.
  explicit ReplyReader(ReplyLimits limits = {}, bool no_body = false);
  ~ReplyReader();
  ReplyReader(ReplyReader&&) noexcept;
  ReplyReader& operator=(ReplyReader&&) noexcept;

  /// Takes bytes; returns how many belong to this reply. What is left over was not asked for.
  std::size_t feed(std::span<const std::byte> bytes);
  /// The peer closed. A body that ends with the connection is then complete; anything else that is partial
  /// has been cut: it stays partial, and `failure()` says where.
  void end_of_stream();

  /// Nothing but the peer's close, the limit, or the patience of whoever reads ends the reply: no rule tells
  /// where it does, or the close is its rule, and some of its body is there.
  bool is_open_ended() const;
  /// Patience is over. What is open-ended is complete if its body is a whole answer by now. Else it has
  /// failed if no rule tells its end, and stays as it is if the close is its rule. Of others nothing changes.
  void settle();
  /// The reply will not be whole. Where nothing of a body could be told apart, all that came becomes the
  /// body, of a reply that is cut in its head the head: so that it can be kept.
  void keep_rest();

  State state() const;
  /// The status line and headers have been read (`reply()` holds them, and the body so far). So too in a
  /// reply that failed by what its headers say: its status stands, with the headers up to the fault.
  bool has_head() const;
  /// The reply's status as soon as its first line tells, long before the head is whole; 0 until then.
  int status() const;
  const Reply& reply() const;
  Reply take_reply();
  /// Whether the connection may serve another request after this reply: not where its framing was amiss.
  bool keeps_alive() const;
  const std::string& failure() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
