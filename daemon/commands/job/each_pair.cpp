#include "commands/job/each_pair.hpp"

#include <set>
#include <utility>

#include "commands/job/job_at_hand.hpp"
#include "commands/tell_failure.hpp"
#include "settings/exit_code.hpp"

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
      one = tell_failure(failure, context.err);
    } catch (const SqliteError& error) {
      one = tell_failure(error, context.err);
    }
    if (code == exit_code::fine) code = one;
  }
  return code;
}

}  // namespace reeld
