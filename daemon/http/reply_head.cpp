#include "http/reply_head.hpp"

#include <algorithm>

#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::string_view protocol = "HTTP/1.";
constexpr std::size_t status_at = 9;  // "HTTP/1.1 200"
constexpr std::size_t status_end = 12;

std::string quote_start(std::string_view text) {
  std::string quoted;
  for (const char c : text.substr(0, 16)) quoted += c >= ' ' && c <= '~' ? c : '.';
  return '"' + quoted + '"';
}

/// A beginning of such a frame that is too short to tell.
bool may_begin_http2(std::string_view text) {
  const std::string_view start = text.substr(0, std::min<std::size_t>(text.size(), 3));
  return !text.empty() && text.size() < http2_frame_head && text.front() == '\0' &&
         (start.size() < 2 || start[1] == '\0');
}

}  // namespace

bool begins_http2(std::string_view text) {
  if (text.size() < http2_frame_head) return false;
  constexpr char settings_frame = 4;
  constexpr char goaway_frame = 7;
  const bool is_short = text[0] == '\0' && text[1] == '\0';
  const bool is_about_connection = std::ranges::all_of(text.substr(5, 4), [](char c) { return c == '\0'; });
  return is_short && is_about_connection && (text[3] == settings_frame || text[3] == goaway_frame);
}

std::size_t ReplyHead::feed(std::span<const std::byte> bytes) {
  std::size_t used = 0;
  while (used < bytes.size() && !whole_ && failure_.empty()) {
    append(static_cast<char>(bytes[used]));
    ++used;
    check();
  }
  return used;
}

void ReplyHead::start_over() {
  text_.clear();
  whole_ = false;
}

int ReplyHead::status() const {
  if (text_.size() <= status_end || text_[status_at - 1] != ' ') return 0;
  const std::string_view digits = std::string_view(text_).substr(status_at, status_end - status_at);
  if (!std::ranges::all_of(digits, is_digit) || (text_[status_end] != ' ' && text_[status_end] != '\r'))
    return 0;
  return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

void ReplyHead::append(char c) {
  ++taken_;
  if (c == '\n' && !text_.ends_with('\r') && !text_.starts_with('\0')) text_ += '\r';
  text_ += c;
}

void ReplyHead::check() {
  const std::string_view start = std::string_view(text_).substr(0, protocol.size());
  if (may_begin_http2(text_)) return;
  if (begins_http2(text_)) {
    failure_ = http2_advice;
  } else if (!protocol.starts_with(start)) {
    failure_ = "what arrived is not HTTP/1: it begins with " + quote_start(text_);
  } else if (taken_ > limit_) {
    failure_ = "the reply's headers are longer than " + std::to_string(limit_) + " bytes";
  } else if (text_.ends_with("\r\n\r\n")) {
    finish();
  }
}

void ReplyHead::finish() {
  whole_ = true;
  if (status() < 100) {
    failure_ = "the reply's status line is malformed: " + quote_start(text_);
  } else if (text_[status_end] == '\r') {
    text_.insert(status_end, 1, ' ');  // servers leave the reason out, and the space before it
  }
}

}  // namespace reeld
