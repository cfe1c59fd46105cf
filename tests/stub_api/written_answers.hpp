#pragma once
// Answers as gateways really give them, word for word. `{ID}` and `{NUMBER}` stand for the job's.

#include <vector>

#include "stub_api/faults.hpp"

namespace reeld::stub {

const std::vector<Fault>& list_written_answers();

}  // namespace reeld::stub
