// argv to a command to an exit code.

#include <unistd.h>

#include <exception>
#include <iostream>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "commands/ask.hpp"
#include "commands/run_command.hpp"
#include "commands/version_text.hpp"
#include "settings/exit_code.hpp"
#include "sys/passing_trouble.hpp"
#include "sys/process_setup.hpp"

namespace reeld {
namespace {

int run(const std::vector<std::string>& arguments) {
  const auto parsed = parse_command_line(arguments);
  if (const auto* text = std::get_if<CommandLineText>(&parsed)) {
    (text->exit_code == exit_code::fine ? std::cout : std::cerr)
        << (text->is_version ? describe_version() : text->text);
    return text->exit_code;
  }
  const CommandContext context{std::cout,
                               std::cerr,
                               read_environment,
                               std::string(default_config_file),
                               run_daemon,
                               ask_at_terminal,
                               ::isatty(STDOUT_FILENO) != 0,
                               read_answer,
                               ::isatty(STDIN_FILENO) != 0};
  return run_command(std::get<CommandLine>(parsed), context);
}

/// What nobody can read was not done.
int end_output(int code) {
  if (std::cout.flush() || code != exit_code::fine) return code;
  std::cerr << "reeld: standard output cannot be written: its disk is full, or nobody reads it any more"
            << std::endl;
  return exit_code::failed;
}

}  // namespace
}  // namespace reeld

int main(int argc, char** argv) {
  try {
    reeld::ignore_write_signals();
    return reeld::end_output(reeld::run({argv + (argc > 0 ? 1 : 0), argv + argc}));
  } catch (const std::bad_alloc&) {
    std::cerr << "reeld: there is no memory left" << std::endl;
    return reeld::exit_code::try_later;
  } catch (const std::system_error& error) {
    std::cerr << "reeld: " << error.what() << std::endl;
    return reeld::exit_code::of_failure(reeld::may_pass(error.code().value()));
  } catch (const std::exception& error) {
    std::cerr << "reeld: " << error.what() << std::endl;
    return reeld::exit_code::failed;
  }
}
