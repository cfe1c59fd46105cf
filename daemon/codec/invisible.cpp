#include "codec/invisible.hpp"

#include <algorithm>
#include <array>

#include "core/utf8.hpp"

namespace reeld {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Source: the Unicode Character Database 15.1, in order. W: White_Space (PropList.txt). D:
// Default_Ignorable_Code_Point (DerivedCoreProperties.txt), which holds the zero-width characters, the
// controls of direction, the fillers of Hangul, variation selectors and tags. C: General_Category Cc or Cf
// where neither of the two has it and nothing is drawn. U+2800, the braille pattern without a dot,
// is a symbol by its properties and a blank by its looks. U+FFFC and U+FFFD are drawn, but say nothing.
constexpr auto invisible = std::to_array<Range>({
    {0x0000, 0x0020},    // C, W
    {0x007F, 0x00A0},    // C, W (U+0085, U+00A0)
    {0x00AD, 0x00AD},    // D: soft hyphen
    {0x034F, 0x034F},    // D: combining grapheme joiner
    {0x061C, 0x061C},    // D: Arabic letter mark
    {0x115F, 0x1160},    // D: Hangul fillers
    {0x1680, 0x1680},    // W: Ogham space
    {0x17B4, 0x17B5},    // D: Khmer inherent vowels
    {0x180B, 0x180F},    // D: Mongolian variation selectors and separator
    {0x2000, 0x200A},    // W
    {0x200B, 0x200F},    // D: zero-width space and joiners, marks of direction
    {0x2028, 0x2029},    // W: separators of lines and paragraphs
    {0x202A, 0x202E},    // D: embeddings and overrides of direction
    {0x202F, 0x202F},    // W: narrow no-break space
    {0x205F, 0x205F},    // W: mathematical space
    {0x2060, 0x206F},    // D: word joiner, isolates of direction, invisible operators
    {0x2800, 0x2800},    // braille blank
    {0x3000, 0x3000},    // W: ideographic space
    {0x3164, 0x3164},    // D: Hangul filler
    {0xFE00, 0xFE0F},    // D: variation selectors
    {0xFEFF, 0xFEFF},    // D: zero-width no-break space, the byte-order mark
    {0xFFA0, 0xFFA0},    // D: halfwidth Hangul filler
    {0xFFF0, 0xFFF8},    // D
    {0xFFF9, 0xFFFB},    // C: interlinear annotation
    {0xFFFC, 0xFFFD},    // stand for an object or a character that is not there
    {0x1BCA0, 0x1BCA3},  // D: shorthand format controls
    {0x1D173, 0x1D17A},  // D: musical format controls
    {0xE0000, 0xE0FFF},  // D: tags, variation selectors
});

constexpr bool is_in_order() {
  for (std::size_t i = 1; i < invisible.size(); ++i) {
    if (invisible[i].first <= invisible[i - 1].last) return false;
  }
  return true;
}
static_assert(is_in_order());

bool is_usual_blank(char32_t character) {
  return character == ' ' || (character >= '\t' && character <= '\r');
}

}  // namespace

bool is_invisible(char32_t character) {
  const auto after = std::ranges::upper_bound(invisible, character, {}, &Range::first);
  return after != invisible.begin() && character <= std::prev(after)->last;
}

bool has_visible_character(std::string_view text) {
  while (!text.empty()) {
    if (!is_invisible(take_character(text))) return true;
  }
  return false;
}

std::vector<char32_t> list_odd_blanks(std::string_view text) {
  std::vector<char32_t> odd;
  while (!text.empty()) {
    const char32_t character = take_character(text);
    const bool is_odd = is_invisible(character) && !is_usual_blank(character);
    if (is_odd && std::ranges::find(odd, character) == odd.end()) odd.push_back(character);
  }
  return odd;
}

}  // namespace reeld
