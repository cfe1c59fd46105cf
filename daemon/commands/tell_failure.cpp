#include "commands/tell_failure.hpp"

#include <ostream>

#include "codec/terminal_text.hpp"
#include "settings/exit_code.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {

int tell_failure(const CommandFailure& failure, std::ostream& err) {
  err << "reeld: " << escape_steering(failure.what()) << '\n';
  for (const std::string& other : failure.others) err << "reeld: " << escape_steering(other) << '\n';
  return failure.exit_code;
}

int tell_failure(const SqliteError& error, std::ostream& err) {
  err << "reeld: the ledger: " << escape_steering(error.what()) << (error.is_busy() ? "; try again" : "")
      << '\n';
  return exit_code::of_failure(error.is_busy() || may_pass(error.system_code));
}

}  // namespace reeld
