#include "codec/reply_head.hpp"

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

}  // namespace

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
  if (c == '\n' && !text_.ends_with('\r')) text_ += '\r';
  text_ += c;
}

void ReplyHead::check() {
  const std::string_view start = std::string_view(text_).substr(0, protocol.size());
  if (!protocol.starts_with(start)) {
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
