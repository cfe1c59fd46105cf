#include "core/recovery.hpp"

namespace reeld {

Repair decide_repair(const OpenIntentFacts& facts) {
  if (facts.has_answer && !facts.is_of_another) return Repair::accept;
  return facts.repeats_doubts && !facts.was_in_doubt ? Repair::repeat : Repair::hold;
}

}  // namespace reeld
