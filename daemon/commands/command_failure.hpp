#pragma once
// What ends a command before its time: a line for people, or several, and the exit code. Thrown by what the
// commands share; commands/tell_failure tells it.

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace reeld {

struct CommandFailure : std::runtime_error {
  CommandFailure(int code, const std::string& message, std::vector<std::string> more = {})
      : std::runtime_error(message), exit_code(code), others(std::move(more)) {}
  int exit_code;                    // settings/exit_code.hpp
  std::vector<std::string> others;  // what else is wrong, a line each
};

}  // namespace reeld
