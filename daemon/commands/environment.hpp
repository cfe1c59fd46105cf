#pragma once
// The process's environment, as an argument: so that a test can have another.

#include <functional>
#include <optional>
#include <string>

namespace reeld {

/// The variable's value; nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// The real one.
std::optional<std::string> read_environment(const char* name);

}  // namespace reeld
