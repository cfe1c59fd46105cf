#include "scheduler/wait_table.hpp"

#include <algorithm>
#include <numeric>

namespace reeld {

std::string_view word_of(WaitReason reason) {
  static constexpr std::array<std::string_view, wait_reasons.size()> words{
      "undecided",  "half",    "incomplete", "ambiguous", "conflict", "unnameable", "unwritable",
      "settings",   "mass",    "duplicate",  "asking",    "reading",  "unreadable", "repeat",
      "queued",     "proof",   "unsent",     "throttled", "refused",  "account",    "doubt",
      "per_minute", "per_day", "held",       "ledger",    "stopping", "not_running"};
  return words[static_cast<std::size_t>(reason)];
}

void WaitTable::add(WaitReason reason, milliseconds age) {
  const auto column = std::upper_bound(wait_ages.begin(), wait_ages.end(), age) - wait_ages.begin();
  ++rows_[static_cast<std::size_t>(reason)][static_cast<std::size_t>(column)];
}

std::size_t WaitTable::total(WaitReason reason) const {
  const Row& counts = row(reason);
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

}  // namespace reeld
