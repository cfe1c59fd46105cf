#pragma once
// The text of a job's result file, from an attempt's report.

#include <string>

#include "runtime/attempt.hpp"

namespace reeld {

std::string build_error_result(const AttemptReport& report, const AttemptPlan& plan);
/// Threads: a worker's, for it reads the whole image for its digest.
std::string build_doubt_result(const AttemptReport& report, const AttemptPlan& plan);

}  // namespace reeld
