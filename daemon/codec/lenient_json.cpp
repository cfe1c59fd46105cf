#include "codec/lenient_json.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/ascii.hpp"
#include "core/hex.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_digits = 18;  // of a number that 64 bits surely hold
constexpr std::string_view replacement = "\\ufffd";
constexpr std::array<std::string_view, 3> no_numbers{"NaN", "Infinity", "-Infinity"};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The unit of a \uXXXX at the head of `text`.
std::optional<unsigned> read_unit(std::string_view text) {
  if (!text.starts_with("\\u")) return std::nullopt;
  return read_hex(text.substr(2), 4);
}

bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

class Mender {
 public:
  explicit Mender(std::string_view text) : rest_(text) { out_.reserve(text.size()); }

  std::string mend() {
    while (!rest_.empty()) {
      if (rest_.front() == '"') {
        take(1);
        mend_string();
      } else {
        mend_other();
      }
    }
    return std::move(out_);
  }

 private:
  void take(std::size_t count) {
    out_.append(rest_.substr(0, count));
    rest_.remove_prefix(std::min(count, rest_.size()));
  }

  void replace(std::size_t count, std::string_view by) {
    out_.append(by);
    rest_.remove_prefix(std::min(count, rest_.size()));
  }

  /// A control.
  void escape(char c) {
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    out_.append("\\u00").append({digits[code >> 4U], digits[code & 15U]});
  }

  /// To the quote that ends it.
  void mend_string() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') return take(1);
      if (c == '\\') {
        mend_escape();
      } else if (is_control(c)) {
        escape(c);
        rest_.remove_prefix(1);
      } else {
        take(1);
      }
    }
  }

  void mend_escape() {
    if (const auto unit = read_unit(rest_)) return mend_unit(*unit);
    static constexpr std::string_view escapes = "\"\\/bfnrt";
    if (rest_.size() > 1 && escapes.find(rest_[1]) != std::string_view::npos) return take(2);
    replace(1, "\\\\");
  }

  void mend_unit(unsigned unit) {
    const auto next = read_unit(rest_.substr(std::min<std::size_t>(6, rest_.size())));
    if (is_high(unit) && next && is_low(*next)) return take(12);
    if (is_high(unit) || is_low(unit)) return replace(6, replacement);
    take(6);
  }

  void mend_other() {
    for (const std::string_view word : no_numbers) {
      if (rest_.starts_with(word)) return replace(word.size(), "null");
    }
    const char c = rest_.front();
    if (is_digit(c) || c == '-') return mend_number();
    if (is_control(c) && !is_blank(c)) return replace(1, " ");
    take(1);
  }

  void mend_number() {
    const std::size_t end = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
    const std::string_view number = rest_.substr(0, end);
    const bool is_long = number.size() > max_digits && std::ranges::all_of(number, is_digit);
    if (!is_long) return take(end);
    out_ += '"';
    escape(long_number_mark);
    replace(end, std::string(number) + '"');
  }

  std::string_view rest_;
  std::string out_;
};

}  // namespace

std::string mend_json(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  return Mender(valid).mend();
}

}  // namespace reeld
