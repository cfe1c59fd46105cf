#pragma once
// What ends a command before its time: one line for people, and the exit code. Thrown by what the commands
// share, caught in commands/run_command alone.

#include <stdexcept>
#include <string>

namespace reeld {

struct CommandFailure : std::runtime_error {
  CommandFailure(int code, const std::string& message) : std::runtime_error(message), exit_code(code) {}
  int exit_code;  // settings/exit_code.hpp
};

}  // namespace reeld
