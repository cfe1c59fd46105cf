#pragma once
// Characters that show nothing: blanks, controls, and those that only steer how others are drawn. A prompt
// that is made of them alone says nothing, and must not be paid for.

#include <string_view>
#include <vector>

namespace reeld {

/// By itself. A character that is drawn only together with another (a variation selector, a joiner) shows
/// nothing; a combining mark shows itself.
bool is_invisible(char32_t character);

/// Whether valid UTF-8 holds a character that can be seen.
bool has_visible_character(std::string_view text);

/// The invisible characters in valid UTF-8, each once, in the order in which they come; without those that
/// everybody has in his texts (blank, tab, line ends).
std::vector<char32_t> list_odd_blanks(std::string_view text);

}  // namespace reeld
