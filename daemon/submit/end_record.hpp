#pragma once
// From an attempt's report to what the ledger keeps of its end.

#include "ledger/records.hpp"
#include "submit/attempt.hpp"

namespace reeld {

/// Without the image's digest.
EndRecord make_end_record(const AttemptReport& report, const AttemptPlan& plan);

/// An answer that turned out to be about the pair is its refusal; one that is about all is none.
void take_ruling(const Action& action, EndRecord& end);

}  // namespace reeld
