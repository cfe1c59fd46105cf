#pragma once
// JSON as gateways really write it, made JSON that a parser takes: an answer is evidence of money, and is
// read if a browser could read it. What is stored of an answer are its own bytes; this is for reading it
// alone.
//
// Source: RFC 8259 7 and 8.2 (lone surrogates), 6 (numbers).

#include <string>
#include <string_view>

namespace reeld {

/// Stands at the head of a string that was a number.
inline constexpr char long_number_mark = '\0';

/// Within strings: raw controls are escaped, a surrogate without its other half and bytes that are not UTF-8
/// become U+FFFD, and a backslash that escapes nothing stands for itself. Elsewhere: NaN and the infinities
/// become null, other controls blanks. A whole number of more than 18 digits becomes a string, so that none
/// of them is lost; that begins with `long_number_mark`. What is amiss otherwise stays: the text may still be
/// no JSON.
std::string mend_json(std::string_view text);

}  // namespace reeld
