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

/// Where the first byte stands that is not part of valid UTF-8; npos where all of it is valid.
std::size_t find_invalid_utf8(std::string_view text);

/// `text` with each byte that is not part of valid UTF-8 replaced by U+FFFD: for logs and JSON, where names
/// may be bytes.
std::string to_valid_utf8(std::string_view text);

}  // namespace reeld
