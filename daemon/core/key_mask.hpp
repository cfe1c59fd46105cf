#pragma once
// The API key in what an API says, as it is or as JSON or a URL writes it.
//
// Pure.

#include <string>
#include <string_view>

namespace reeld {

inline constexpr std::string_view key_mark = "[key]";
inline constexpr std::string_view secret_mark = "[secret]";

/// `text` with `mark` in the place of the key, each of whose characters may also stand as \uXXXX, as \/ or
/// as %XX (in either case, and with a backslash doubled by a JSON within a JSON). With an empty key it is as
/// it was.
std::string take_out_key(std::string text, std::string_view key, std::string_view mark = key_mark);

}  // namespace reeld
