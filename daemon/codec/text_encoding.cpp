#include "codec/text_encoding.hpp"

#include <algorithm>
#include <array>

#include "codec/encoding_guess.hpp"
#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

int count_lines_before(std::string_view text, std::size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

struct Mark {
  std::string_view bytes;
  std::string_view encoding;
};

// The longer ones first: UTF-32's begins with UTF-16's. Source: Unicode 15.1, 23.8.
constexpr auto order_marks = std::to_array<Mark>({
    {{"\xFF\xFE\0\0", 4}, "UTF-32 (little-endian byte-order mark)"},
    {{"\0\0\xFE\xFF", 4}, "UTF-32 (big-endian byte-order mark)"},
    {{"\xFF\xFE", 2}, "UTF-16 (little-endian byte-order mark)"},
    {{"\xFE\xFF", 2}, "UTF-16 (big-endian byte-order mark)"},
});

struct Format {
  std::string_view beginning;  // in small letters
  std::string_view next;       // one of these follows; "" : anything
  std::string_view name;
};

constexpr std::string_view digits = "0123456789";

// What people save a text as without meaning to: it would be sent with all its marks.
constexpr auto formats = std::to_array<Format>({
    {"{\\rtf", digits, "RTF, a word processor's format"},
    {"<!doctype html", "> \t\r\n", "HTML, a web page"},
    {"<html", "> \t\r\n", "HTML, a web page"},
    {"%pdf-", digits, "PDF"},
    {"pk\x03\x04", "", "a ZIP archive or an office document (DOCX, ODT)"},
    {"\xD0\xCF\x11\xE0", "", "an office document (DOC)"},
});

std::string_view name_format(std::string_view text) {
  for (const Format& format : formats) {
    const std::size_t size = format.beginning.size();
    const bool begins = to_lower(text.substr(0, size)) == format.beginning;
    const bool is_followed = text.size() > size && format.next.find(text[size]) != std::string_view::npos;
    if (begins && (format.next.empty() || is_followed)) return format.name;
  }
  return "";
}

// Source: RFC 1468 and RFC 1557. All bytes are ASCII; ESC and a `$` begin the characters of two bytes.
std::string_view name_escaped(std::string_view text) {
  if (text.find("\x1B$)C") != std::string_view::npos) return "ISO-2022-KR";
  const bool is_japanese =
      text.find("\x1B$B") != std::string_view::npos || text.find("\x1B$@") != std::string_view::npos;
  return is_japanese ? "ISO-2022-JP" : "";
}

EncodingComplaint complain_of_all(std::string_view encoding) {
  return {0, "the file is not UTF-8 but " + std::string(encoding) + "; save it as UTF-8"};
}

/// Of a text with zeros, which no UTF-8 has.
EncodingComplaint complain_of_zeros(std::string_view text) {
  if (const auto wide = guess_wide(text); !wide.empty()) return complain_of_all(wide);
  const std::size_t at = text.find('\0');
  return {
      count_lines_before(text, at),
      "byte " + std::to_string(at + 1) + " of the file is zero, which no text holds; save it as UTF-8 text"};
}

/// The text is UTF-8 but for a few bytes: what it has of longer characters cannot be chance.
bool is_mostly_utf8(std::string_view text) {
  const Utf8Tally tally = tally_utf8(text);
  return tally.long_characters > 0 &&
         tally.short_characters + tally.long_characters >= 2 * tally.invalid_bytes;
}

/// Whether what begins at `bad`, and ends with the text, is a character that was cut, rather than a letter of
/// another encoding.
bool is_cut_at(std::string_view text, std::size_t bad) {
  const std::string_view rest = text.substr(bad);
  if (!is_cut_character(rest)) return false;
  const Utf8Tally before = tally_utf8(text.substr(0, bad));
  if (before.long_characters > 0) return true;
  return !is_double_byte(guess_encoding(text)) && (before.short_characters > 0 || rest.size() > 1);
}

std::string describe_invalid(std::string_view text, std::size_t bad) {
  const std::string at = "byte " + std::to_string(bad + 1);
  if (is_cut_at(text, bad))
    return "the file is UTF-8 that is cut in the middle of a character at " + at + "; copy or save it again";
  if (is_mostly_utf8(text))
    return "the file is UTF-8, but " + at +
           " is part of no character; mend the text there, and save it as UTF-8";
  const std::string guess = guess_encoding(text);
  if (guess.empty())
    return "the file is not UTF-8, and its encoding could not be recognised; save it as UTF-8";
  return "the file is not UTF-8; it is probably " + guess + "; save it as UTF-8";
}

}  // namespace

std::optional<EncodingComplaint> check_encoding(std::string_view text) {
  for (const Mark& mark : order_marks) {
    if (text.starts_with(mark.bytes)) return complain_of_all(mark.encoding);
  }
  if (const auto format = name_format(skip_byte_order_mark(text)); !format.empty())
    return EncodingComplaint{0, "the file is " + std::string(format) + "; save it as plain text in UTF-8"};
  if (text.find('\0') != std::string_view::npos) return complain_of_zeros(text);
  if (const auto escaped = name_escaped(text); !escaped.empty()) return complain_of_all(escaped);
  const std::size_t bad = find_invalid_utf8(text);
  if (bad == std::string_view::npos) return std::nullopt;
  return EncodingComplaint{count_lines_before(text, bad), describe_invalid(text, bad)};
}

std::string describe_unwritten(std::string_view text) {
  constexpr std::string_view gap("\0\0\0\0\0\0\0\0", 8);
  const bool is_marked =
      std::ranges::any_of(order_marks, [text](const Mark& mark) { return text.starts_with(mark.bytes); });
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
