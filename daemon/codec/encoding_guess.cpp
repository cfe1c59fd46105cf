#include "codec/encoding_guess.hpp"

#include <uchardet/uchardet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "codec/byte_pairs.hpp"
#include "core/ascii.hpp"

namespace reeld {
namespace {

// Enough to tell, and soon done.
constexpr std::size_t max_looked_at = 65'536;

enum class ByteOrder { little, big };

std::uint32_t read_unit(std::string_view text, std::size_t at, std::size_t width, ByteOrder order) {
  std::uint32_t unit = 0;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t next = order == ByteOrder::big ? i : width - 1 - i;
    unit = unit << 8 | static_cast<unsigned char>(text[at + next]);
  }
  return unit;
}

bool is_utf32(std::string_view text, ByteOrder order) {
  if (text.empty() || text.size() % 4 != 0) return false;
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::uint32_t unit = read_unit(text, at, 4, order);
    if (unit == 0 || unit > 0x10FFFF || (unit >= 0xD800 && unit < 0xE000)) return false;
  }
  return true;
}

/// What prompts are made of: letters of Europe, punctuation, kana, ideographs, Hangul, full-width forms,
/// emoji (as surrogates).
bool is_likely_unit(std::uint32_t unit) {
  if (unit < 0x20) return unit == '\t' || unit == '\n' || unit == '\r';
  return (unit < 0x0530 && unit != 0x7F) || (unit >= 0x2010 && unit < 0x2070) ||
         (unit >= 0x3000 && unit < 0x3100) || (unit >= 0x4E00 && unit < 0xA000) ||
         (unit >= 0xAC00 && unit < 0xD7A4) || (unit >= 0xD83C && unit < 0xD840) ||
         (unit >= 0xDC00 && unit < 0xE000) || (unit >= 0xFF00 && unit < 0xFFF0);
}

bool is_ascii_letter_or_sign(std::uint32_t byte) {
  return byte >= 0x20 && byte < 0x7F;
}

/// What the code units are, if this is UTF-16; each number is a share of a hundred.
struct Utf16Rating {
  std::size_t likely = 0;
  std::size_t kana = 0;   // and their punctuation: U+30xx, so that every other byte is a zero's digit
  std::size_t ascii = 0;  // both bytes by themselves, as in any text of one byte a letter; no kana
};

Utf16Rating rate_utf16(std::string_view text, ByteOrder order) {
  Utf16Rating rating;
  if (text.empty() || text.size() % 2 != 0) return rating;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const std::uint32_t unit = read_unit(text, at, 2, order);
    const bool is_kana = unit >> 8 == 0x30;
    if (is_likely_unit(unit)) ++rating.likely;
    if (is_kana) ++rating.kana;
    if (!is_kana && is_ascii_letter_or_sign(unit >> 8) && is_ascii_letter_or_sign(unit & 0xFF))
      ++rating.ascii;
  }
  const std::size_t units = text.size() / 2;
  return {rating.likely * 100 / units, rating.kana * 100 / units, rating.ascii * 100 / units};
}

std::string name_utf16(ByteOrder order) {
  return order == ByteOrder::little ? "UTF-16 (little-endian, without a byte-order mark)"
                                    : "UTF-16 (big-endian, without a byte-order mark)";
}

/// The upper half of an ASCII character is zero, and so is the lower half of a few ideographs.
ByteOrder find_order_by_zeros(std::string_view text) {
  std::size_t at_odd = 0;
  std::size_t at_even = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\0') ++(at % 2 == 0 ? at_even : at_odd);
  }
  return at_odd >= at_even ? ByteOrder::little : ByteOrder::big;
}

struct Utf16Guess {
  ByteOrder order = ByteOrder::little;
  Utf16Rating rating;
};

/// The likelier order of the two; where both are the same, the zeros tell.
Utf16Guess guess_order(std::string_view text) {
  const Utf16Rating little = rate_utf16(text, ByteOrder::little);
  const Utf16Rating big = rate_utf16(text, ByteOrder::big);
  const bool is_little = little.likely == big.likely ? find_order_by_zeros(text) == ByteOrder::little
                                                     : little.likely > big.likely;
  return is_little ? Utf16Guess{ByteOrder::little, little} : Utf16Guess{ByteOrder::big, big};
}

// A text of one byte a letter, read as UTF-16, is made of such pairs; one in UTF-16 has some by chance.
constexpr std::size_t max_ascii = 40;
constexpr std::size_t max_short = 32;  // bytes
constexpr std::size_t likely_enough = 90;
constexpr std::size_t many_kana = 25;

bool is_likely_utf16(const Utf16Rating& rating) {
  return rating.likely >= likely_enough && rating.ascii < max_ascii;
}

struct Name {
  std::string_view of_uchardet;
  std::string_view for_people;
};

constexpr std::string_view latin = "windows-1252 or another encoding with one byte a letter";

// UHC is Microsoft's extension of EUC-KR. What uchardet tells of texts in Latin letters is hardly ever sure,
// for most of such a text is ASCII.
constexpr auto double_byte_names = std::to_array<Name>({
    {"GB18030", "GBK (or GB18030)"},
    {"GBK", "GBK (or GB18030)"},
    {"GB2312", "GBK (or GB18030)"},
    {"BIG5", "Big5"},
    {"EUC-TW", "EUC-TW"},
    {"SHIFT_JIS", "Shift-JIS"},
    {"CP932", "Shift-JIS"},
    {"EUC-JP", "EUC-JP"},
    {"UHC", "EUC-KR"},
    {"CP949", "EUC-KR"},
    {"EUC-KR", "EUC-KR"},
    {"JOHAB", "Johab (Korean)"},
});
constexpr auto single_byte_names = std::to_array<Name>({
    {"WINDOWS-1251", "windows-1251 (Cyrillic)"},
    {"KOI8-R", "KOI8-R (Cyrillic)"},
    {"ISO-8859-5", "ISO-8859-5 (Cyrillic)"},
    {"IBM866", "IBM866 (Cyrillic)"},
    {"MAC-CYRILLIC", "Macintosh Cyrillic"},
    {"WINDOWS-1253", "windows-1253 (Greek)"},
    {"ISO-8859-7", "windows-1253 (Greek)"},
    {"WINDOWS-1255", "windows-1255 (Hebrew)"},
    {"ISO-8859-8", "windows-1255 (Hebrew)"},
    {"WINDOWS-1256", "windows-1256 (Arabic)"},
    {"ISO-8859-6", "ISO-8859-6 (Arabic)"},
    {"TIS-620", "TIS-620 (Thai)"},
    {"ISO-8859-11", "TIS-620 (Thai)"},
});

template <std::size_t count>
std::string_view find_name(const std::array<Name, count>& names, std::string_view word) {
  const auto found = std::ranges::find(names, word, &Name::of_uchardet);
  return found == names.end() ? std::string_view() : found->for_people;
}

/// In capitals; "" where it knows none.
std::string ask_uchardet(std::string_view text) {
  const std::unique_ptr<uchardet, void (*)(uchardet_t)> detector(uchardet_new(), uchardet_delete);
  if (!detector || uchardet_handle_data(detector.get(), text.data(), text.size()) != 0) return "";
  uchardet_data_end(detector.get());
  std::string word = uchardet_get_charset(detector.get());
  for (char& c : word) c = to_upper(c);
  return word;
}

/// Double-byte encodings have their high bytes in runs of even length, as a rule.
bool looks_double_byte(std::string_view text) {
  std::size_t run = 0;
  std::size_t max_run = 0;
  for (const char c : text) {
    const bool is_high = static_cast<unsigned char>(c) >= 0x80;
    if (!is_high && run % 2 != 0) return false;
    run = is_high ? run + 1 : 0;
    max_run = std::max(max_run, run);
  }
  return run % 2 == 0 && max_run >= 4;
}

}  // namespace

std::string guess_wide(std::string_view text) {
  if (is_utf32(text, ByteOrder::little)) return "UTF-32 (little-endian, without a byte-order mark)";
  if (is_utf32(text, ByteOrder::big)) return "UTF-32 (big-endian, without a byte-order mark)";
  const Utf16Guess guess = guess_order(text);
  return is_likely_utf16(guess.rating) ? name_utf16(guess.order) : "";
}

std::string guess_encoding(std::string_view text) {
  text = text.substr(0, max_looked_at);
  // Without a zero there is no ASCII in UTF-16, not even a line's end: ideographs, kana, Hangul.
  const Utf16Guess wide = guess_order(text);
  const bool may_be_wide = is_likely_utf16(wide.rating);
  if (may_be_wide && wide.rating.kana >= many_kana) return name_utf16(wide.order);
  const std::string word = ask_uchardet(text);
  if (const auto name = find_name(double_byte_names, word); !name.empty()) return std::string(name);
  // UTF-16 without a byte-order mark is rare, and so are short texts of which uchardet tells the language.
  const bool is_short = text.size() <= max_short;
  if (const auto name = is_short ? guess_by_pairs(text) : ""; !name.empty()) return std::string(name);
  if (may_be_wide) return name_utf16(wide.order);
  if (const auto name = find_name(single_byte_names, word); !name.empty()) return std::string(name);
  if (looks_double_byte(text)) return "GBK or another encoding with two bytes a character";
  return std::string(latin);
}

bool is_double_byte(std::string_view guess) {
  return std::ranges::find(double_byte_names, guess, &Name::for_people) != double_byte_names.end();
}

}  // namespace reeld
