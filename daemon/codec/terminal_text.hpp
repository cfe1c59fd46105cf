#pragma once
// Text of others (names of files, answers of an API) for eyes: nothing in it may steer the terminal, or show
// it in another order than it has.

#include <string>
#include <string_view>

namespace reeld {

/// Valid UTF-8, with what steers written as \uXXXX: controls (but for newline and tab), DEL, the controls of
/// C1 (U+0080 to U+009F), and what orders text (Unicode's bidi controls: U+061C, U+200E, U+200F, U+202A to
/// U+202E, U+2066 to U+2069). So a JSON text says the same as before.
std::string escape_steering(std::string_view text);

/// On one line: besides the above, line ends and tabs as \n, \r and \t, other controls as \xXX.
std::string make_printable(std::string_view text, std::size_t longest = 255);

/// ASCII, at the right end of a column that wide; what is too wide has one space before it.
std::string pad_left(const std::string& text, std::size_t width);

}  // namespace reeld
