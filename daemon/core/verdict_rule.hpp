#pragma once
// A rule of the user's own ([[verdict]] in the configuration). It applies when everything that it names
// holds.

#include <string>
#include <vector>

#include "core/verdict_word.hpp"

namespace reeld {

struct VerdictRule {
  std::vector<int> statuses;         // any of these; empty: every status
  std::string code;                  // equal, without case, to one of the error's codes; "" : any
  std::string contains;              // within one of the error's texts, codes or types (and not in the
                                     // prompt), without case
  Verdict verdict = Verdict::doubt;  // throttled, account, refused or doubt
  bool operator==(const VerdictRule&) const = default;
};

}  // namespace reeld
