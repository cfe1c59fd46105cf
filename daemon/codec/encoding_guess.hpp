#pragma once
// What encoding a text probably has that is not UTF-8: by its zeros and code units where it is UTF-16 or
// UTF-32, by uchardet (Mozilla's detector) where it is one of the older ones.
//
// Threads: any.

#include <string>
#include <string_view>

namespace reeld {

/// Of a text with zeros in it: "UTF-16 (little-endian)" and the like; "" where it is no text of either kind.
std::string guess_wide(std::string_view text);

/// Of a text without zeros, for people: "GBK (or GB18030)", "Big5", "Shift-JIS", "EUC-KR", "windows-1252 or
/// another ...", "UTF-16 (little-endian)"; "" where nothing can be said.
std::string guess_encoding(std::string_view text);

/// Whether that is one of those with two bytes a character, and no Unicode.
bool is_double_byte(std::string_view guess);

}  // namespace reeld
