#pragma once
// The head of a reply, collected byte by byte: so that a reply reads the same however it was cut into pieces.
//
// Source: RFC 9112 2.2 (a line may end with a lone LF), 4 (the status line).

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace reeld {

/// How much of an HTTP/2 frame tells what it is. Source: RFC 9113 4.1.
inline constexpr std::size_t http2_frame_head = 9;

/// Whether that is how a server begins that speaks HTTP/2: SETTINGS or GOAWAY.
bool begins_http2(std::string_view text);

/// What to say of it.
inline constexpr std::string_view http2_advice =
    "what arrived is HTTP/2, and reeld speaks HTTP/1.1; have the server offer HTTP/1.1 on this port, too, or "
    "put "
    "another port into [api] url";

class ReplyHead {
 public:
  explicit ReplyHead(std::size_t limit) : limit_(limit) {}

  /// Takes bytes up to the empty line that ends the head; returns how many.
  std::size_t feed(std::span<const std::byte> bytes);
  /// Forgets an interim reply; what it took still counts against the limit.
  void start_over();

  bool is_whole() const { return whole_; }
  /// Why this is no head of an HTTP/1 reply; "" as long as it may be one.
  const std::string& failure() const { return failure_; }
  /// As soon as the status line tells, whole or not; 0 where it has none.
  int status() const;
  /// With CRLF at each line's end, and a space after the status.
  std::string_view text() const { return text_; }

 private:
  void append(char c);
  void check();
  void finish();

  std::size_t limit_;
  std::size_t taken_ = 0;
  std::string text_;
  std::string failure_;
  bool whole_ = false;
};

}  // namespace reeld
