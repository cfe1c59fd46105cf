#pragma once
// SHA-256, in hexadecimal.

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

/// Of a whole file, for what an operator may have to compare. Blocks; a worker's work. nullopt where the file
/// cannot be read.
std::optional<std::string> hash_file(int fd);
std::string hash_text(std::string_view text);

}  // namespace reeld
