#pragma once
// SHA-256 of a whole file, in hexadecimal: for what an operator may have to compare. Blocks; a worker's work.

#include <optional>
#include <string>

namespace reeld {

/// nullopt where the file cannot be read.
std::optional<std::string> hash_file(int fd);

}  // namespace reeld
