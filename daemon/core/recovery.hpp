#pragma once
// What a crash has left open: an intent without an end. The boundary may have left, or not; nobody recorded
// it.
//
// Pure.

namespace reeld {

struct OpenIntentFacts {
  bool has_answer = false;      // STEM.job.json stands in the pair's folder, and is an accepted answer ...
  bool is_of_another = false;   // ... to another job, which the ledger knows
  bool has_refusal = false;     // STEM.error.json stands there, beside the very files that were sent
  bool was_in_doubt = false;    // the intent is that of a repeat
  bool repeats_doubts = false;  // on_doubt = "retry"
};

enum class Repair {
  refuse,    // the refusal was written before it could be recorded
  accept,    // the answer was written before it could be recorded
  finalize,  // in doubt, for a person to decide
  repeat,    // in doubt, and its one repeat is due
};

Repair decide_repair(const OpenIntentFacts& facts);

}  // namespace reeld
