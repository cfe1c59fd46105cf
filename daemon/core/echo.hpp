#pragma once
// The prompt as an API's error text gives it back: whole, trimmed, shortened, with other spaces in it. What a
// prompt says must neither decide a verdict nor come into the log.
//
// Threads: pure.

#include <string>
#include <string_view>

namespace reeld {

/// Whether the prompt has that phrase in it: then an error text that has it too may have it from there.
/// ASCII letters are equal in either case, and white space does not count, because gateways change both.
bool has_phrase(std::string_view prompt, std::string_view phrase);

/// `text` with "[prompt]" in the place of the prompt, of each of its lines of 8 characters or more, and of
/// the beginnings of either from 40 characters on; white space may differ. A text that would take long to
/// search is cut. With an empty prompt it is as it was.
std::string take_out_echoes(std::string text, std::string_view prompt);

}  // namespace reeld
