#include "codec/lenient_json.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "codec/utf8.hpp"
#include "core/ascii.hpp"

namespace reeld {
namespace {

constexpr std::size_t most_digits = 18;  // of a number that 64 bits surely hold
constexpr std::string_view replacement = "\\ufffd";
constexpr std::array<std::string_view, 3> no_numbers{"NaN", "Infinity", "-Infinity"};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// The unit of a \uXXXX at the head of `text`.
std::optional<std::uint32_t> read_unit(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return std::nullopt;
  std::uint32_t unit = 0;
  for (const char c : text.substr(2, 4)) {
    const char lower = to_lower(c);
    if (!is_digit(c) && (lower < 'a' || lower > 'f')) return std::nullopt;
    unit = unit * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : lower - 'a' + 10);
  }
  return unit;
}

bool is_high(std::uint32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low(std::uint32_t unit) {
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

  /// To the quote that ends it.
  void mend_string() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') return take(1);
      if (c == '\\') {
        mend_escape();
      } else if (is_control(c)) {
        static constexpr std::string_view digits = "0123456789abcdef";
        const auto code = static_cast<unsigned char>(c);
        replace(1, std::string("\\u00") + digits[code >> 4U] + digits[code & 15U]);
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

  void mend_unit(std::uint32_t unit) {
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
    const bool is_long = number.size() > most_digits && std::ranges::all_of(number, is_digit);
    if (!is_long) return take(end);
    replace(end, "\"\\u0000" + std::string(number) + '"');
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
