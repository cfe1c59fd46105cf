#pragma once
// JSON strings for the stub's records and answers.

#include <string>
#include <string_view>

namespace reeld::stub {

/// `text` as a JSON string with its quotes. A byte that is not part of valid UTF-8 becomes the lone surrogate
/// U+DC80 to U+DCFF, as Python's "surrogateescape" has it, so that a test reads the very bytes back.
std::string quote_json(std::string_view text);

/// The same with every character outside ASCII written as \uXXXX.
std::string quote_json_ascii(std::string_view text);

}  // namespace reeld::stub
