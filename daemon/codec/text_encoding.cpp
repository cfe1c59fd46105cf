#include "codec/text_encoding.hpp"

#include <algorithm>

#include "codec/utf8.hpp"

namespace reeld {
namespace {

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

int count_lines_before(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

/// A guess, to help: double-byte encodings have their high bytes in runs of even length, as a rule.
bool looks_double_byte(std::string_view text) {
  std::size_t run = 0;
  bool all_even = true;
  for (const char c : text) {
    if (!is_ascii(c)) {
      ++run;
    } else {
      all_even = all_even && run % 2 == 0;
      run = 0;
    }
  }
  return all_even && run % 2 == 0;
}

EncodingComplaint complain_utf16(std::string_view why) {
  return {0, "the file is not UTF-8 but UTF-16 (" + std::string(why) + "); save it as UTF-8"};
}

}  // namespace

std::optional<EncodingComplaint> check_encoding(std::string_view text) {
  if (text.starts_with("\xFF\xFE")) return complain_utf16("little-endian byte-order mark");
  if (text.starts_with("\xFE\xFF")) return complain_utf16("big-endian byte-order mark");
  if (text.find('\0') != std::string_view::npos) {
    return EncodingComplaint{0, "the file holds NUL bytes, so that it looks like UTF-16; save it as UTF-8"};
  }
  const std::size_t bad = find_invalid_utf8(text);
  if (bad == std::string_view::npos) return std::nullopt;
  const std::string_view guess =
      looks_double_byte(text) ? "GBK or another double-byte encoding" : "Windows-1252 or Latin-1";
  return EncodingComplaint{count_lines_before(text, bad), "the file is not valid UTF-8 (it looks like " +
                                                              std::string(guess) + "); save it as UTF-8"};
}

std::string describe_unwritten(std::string_view text) {
  constexpr std::string_view gap("\0\0\0\0\0\0\0\0", 8);
  const bool is_marked = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  const std::size_t last = text.find_last_not_of('\0');
  if (is_marked || text.empty()) return "";
  if (last == std::string_view::npos) return "it holds nothing but zeros: its text is still to be written";
  const bool ends_in_zeros = last + 1 < text.size();
  const bool has_single_zeros = text.substr(0, last).find('\0') != std::string_view::npos;
  if (ends_in_zeros && !has_single_zeros)
    return "it ends in zeros: the rest of its text is still to be written";
  if (text.find(gap) != std::string_view::npos)
    return "it has a gap of zeros: a part of its text is still to be written";
  return "";
}

std::string_view skip_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace reeld
