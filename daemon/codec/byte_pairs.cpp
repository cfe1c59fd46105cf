#include "codec/byte_pairs.hpp"

#include <cstddef>

namespace reeld {
namespace {

bool is_within(unsigned char c, unsigned char first, unsigned char last) {
  return c >= first && c <= last;
}

/// GB 2312: punctuation, and the ideographs that are in use.
bool is_gb2312(unsigned char lead, unsigned char trail) {
  const bool is_sign = is_within(lead, 0xA1, 0xA3);
  return (is_sign || is_within(lead, 0xB0, 0xF7)) && is_within(trail, 0xA1, 0xFE);
}

bool is_kana(unsigned char lead, unsigned char trail) {
  return (lead == 0x82 && is_within(trail, 0x9F, 0xF1)) || (lead == 0x83 && is_within(trail, 0x40, 0x96));
}

/// Signs, kana, and the ideographs of level 1.
bool is_shift_jis(unsigned char lead, unsigned char trail) {
  const bool is_lead = is_within(lead, 0x81, 0x83) || is_within(lead, 0x88, 0x98);
  return is_lead && trail >= 0x40 && trail != 0x7F && trail <= 0xFC;
}

/// Signs, and the ideographs of level 1.
bool is_big5(unsigned char lead, unsigned char trail) {
  return is_within(lead, 0xA1, 0xC6) && (is_within(trail, 0x40, 0x7E) || is_within(trail, 0xA1, 0xFE));
}

struct Counts {
  std::size_t pairs = 0;
  std::size_t gb2312 = 0;
  std::size_t shift_jis = 0;
  std::size_t kana = 0;
  std::size_t big5 = 0;
};

/// nothing: a high byte has none behind it.
bool count(std::string_view text, Counts& counts) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) continue;
    if (++at == text.size()) return false;
    const auto trail = static_cast<unsigned char>(text[at]);
    ++counts.pairs;
    if (is_gb2312(lead, trail)) ++counts.gb2312;
    if (is_shift_jis(lead, trail)) ++counts.shift_jis;
    if (is_kana(lead, trail)) ++counts.kana;
    if (is_big5(lead, trail)) ++counts.big5;
  }
  return counts.pairs >= 2;
}

bool has_blank_between(std::string_view text) {
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    const bool is_between =
        (static_cast<unsigned char>(text[at - 1]) & static_cast<unsigned char>(text[at + 1])) >= 0x80;
    if (text[at] == ' ' && is_between) return true;
  }
  return false;
}

}  // namespace

std::string_view guess_by_pairs(std::string_view text) {
  Counts counts;
  if (has_blank_between(text) || !count(text, counts)) return "";
  if (counts.gb2312 == counts.pairs) return "GBK (or GB18030)";
  if (counts.shift_jis == counts.pairs && (counts.kana > 0 || counts.big5 < counts.pairs)) return "Shift-JIS";
  return counts.big5 == counts.pairs ? "Big5" : "";
}

}  // namespace reeld
