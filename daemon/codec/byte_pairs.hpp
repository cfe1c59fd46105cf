#pragma once
// What the bytes of a short text without zeros tell of encodings with two bytes a character, where a detector
// that counts frequencies has too little to count.
//
// Threads: any.

#include <string_view>

namespace reeld {

/// "GBK (or GB18030)", "Shift-JIS" or "Big5", where each character is one that is common there; else "". Of a
/// text with blanks between its words nothing is said: Cyrillic, Greek and others have such bytes, too.
std::string_view guess_by_pairs(std::string_view text);

}  // namespace reeld
