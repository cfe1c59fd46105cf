#include "commands/environment.hpp"

#include <cstdlib>

namespace reeld {

std::optional<std::string> read_environment(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace reeld
