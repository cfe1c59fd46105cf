#pragma once
// A command given for several pairs: each by itself, whatever becomes of the others.

#include <functional>

#include "commands/command_context.hpp"
#include "commands/job/job_path.hpp"
#include "settings/command_line.hpp"

namespace reeld {

/// Once for each pair that `line.paths` name. What fails is told, and the next pair's turn comes.
/// Returns the first exit code that is not "fine".
int for_each_pair(const CommandLine& line, const CommandContext& context,
                  const std::function<int(JobPath)>& run);

}  // namespace reeld
