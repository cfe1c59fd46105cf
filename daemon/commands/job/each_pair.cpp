#include "commands/job/each_pair.hpp"

#include <ostream>
#include <set>
#include <utility>

#include "codec/terminal_text.hpp"
#include "commands/command_failure.hpp"
#include "commands/job/job_at_hand.hpp"
#include "ledger/sqlite.hpp"
#include "settings/exit_code.hpp"
#include "sys/passing_trouble.hpp"

namespace reeld {

int for_each_pair(const CommandLine& line, const CommandContext& context,
                  const std::function<int(JobPath)>& run) {
  const ChosenSpool spool = choose_spool(line.common, context);
  std::set<JobPath> done;
  int code = exit_code::fine;
  for (const std::string& path : line.paths) {
    int one = exit_code::fine;
    try {
      JobPath where = find_job_path(path, spool);
      if (!done.insert(where).second) continue;  // `scene1.*` names one pair several times
      one = run(std::move(where));
    } catch (const CommandFailure& failure) {
      context.err << "reeld: " << escape_steering(failure.what()) << '\n';
      one = failure.exit_code;
    } catch (const SqliteError& error) {
      context.err << "reeld: the ledger: " << escape_steering(error.what())
                  << (error.is_busy() ? "; try again" : "") << '\n';
      one = exit_code::of_failure(error.is_busy() || may_pass(error.system_code));
    }
    if (code == exit_code::fine) code = one;
  }
  return code;
}

}  // namespace reeld
