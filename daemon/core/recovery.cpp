#include "core/recovery.hpp"

namespace reeld {

Repair decide_repair(const OpenIntentFacts& facts) {
  if (facts.has_answer && !facts.is_of_another) return Repair::accept;
  if (facts.has_refusal && !facts.was_in_doubt) return Repair::refuse;
  return facts.repeats_doubts && !facts.was_in_doubt ? Repair::repeat : Repair::finalize;
}

}  // namespace reeld
