#pragma once
// What is wrong with an answer in which no job's id could be read, in words.

#include <string>
#include <string_view>

namespace reeld {

/// Of a body that is no JSON object, as it follows on "the answer": "is empty", "is HTML", "is not JSON (at
/// byte 214: syntax error)", "is an array". "" for an object.
std::string describe_flaw(std::string_view body);

}  // namespace reeld
