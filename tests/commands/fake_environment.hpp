#pragma once
// An environment of a test's own.

#include <map>
#include <string>

#include "commands/environment.hpp"

namespace reeld {

inline Environment make_environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace reeld
