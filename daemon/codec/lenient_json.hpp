#pragma once
// JSON as gateways really write it, made JSON that a parser takes: an answer is evidence of money, and is
// read if a browser could read it. What is stored of an answer are its own bytes; this is for reading it
// alone.
//
// Source: RFC 8259 7 and 8.2 (lone surrogates), 6 (numbers).

#include <string>
#include <string_view>

namespace reeld {

/// Within strings: raw controls are escaped, a surrogate without its other half and bytes that are not UTF-8
/// become U+FFFD, and a backslash that escapes nothing stands for itself. Elsewhere: NaN and the infinities
/// become null, whole numbers of more than 18 digits strings (so that none is lost), other controls blanks.
/// What is amiss otherwise stays: the text may still be no JSON.
std::string mend_json(std::string_view text);

}  // namespace reeld
