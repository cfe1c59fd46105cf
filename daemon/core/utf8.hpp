#pragma once
// UTF-8: validity and length in characters. Source: RFC 3629 (no surrogates, no overlong forms, nothing over
// U+10FFFF).

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// The number of characters (code points), or nullopt when `text` is not valid UTF-8.
std::optional<std::size_t> count_characters(std::string_view text);

/// Where the character with that number begins, counted from 0: the text's size where it has no more than
/// those. What is not valid counts a character for each byte that could begin one.
std::size_t find_character(std::string_view text, std::size_t number);

/// Its beginning, of at most that many bytes, without a character that would be cut.
std::string_view cut_text(std::string_view text, std::size_t most);

/// Where the first byte stands that is not part of valid UTF-8; npos where all of it is valid.
std::size_t find_invalid_utf8(std::string_view text);

/// Whether `text` is the beginning of one character, and not all of it.
bool is_cut_character(std::string_view text);

/// How much of a text is UTF-8, where not all of it is.
struct Utf8Tally {
  std::size_t short_characters = 0;  // of two bytes: in other encodings, two letters often look like one
  std::size_t long_characters = 0;   // of three or four
  std::size_t invalid_bytes = 0;
};
Utf8Tally tally_utf8(std::string_view text);

/// Takes the first character off `text`, which is valid UTF-8 and not empty.
char32_t take_character(std::string_view& text);

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD: for logs and JSON, where names
/// may be bytes.
std::string to_valid_utf8(std::string_view text);

}  // namespace reeld
