#pragma once
// What a page says to whoever reads it, where an API's error was expected: its title, or the beginning of a
// plain text.
//
// Threads: pure.

#include <string>
#include <string_view>

namespace reeld {

/// At most 200 bytes of valid UTF-8 on one line; "" for JSON, and for what is no text.
std::string read_page_words(std::string_view body);

}  // namespace reeld
