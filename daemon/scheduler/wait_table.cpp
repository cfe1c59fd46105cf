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

std::string_view describe(WaitReason reason) {
  static constexpr std::array<std::string_view, wait_reasons.size()> texts{
      "about to be looked at",
      "one file without the other",
      "a file is not complete yet",
      "two prompts or two images",
      "a conflict copy, by its name",
      "its results' names would be too long",
      "its folder cannot take results",
      "its folder's reeld.toml cannot be read",
      "many pairs came at once; `reeld release` sends them",
      "a copy of a pair that was sent before; `reeld release` sends it",
      "the ledger is being asked about it",
      "its files are being read, to tell whether they were sent before",
      "could not be read; tried again in a moment",
      "in doubt, and about to be sent once more",
      "waiting for its turn",
      "another pair is sent first, to tell what an answer was about",
      "the API cannot be reached; reeld tries again",
      "the API asked reeld to wait",
      "the API refuses every pair alike",
      "the lane is paused: key, credit or URL",
      "the lane is paused: too many doubts in a row",
      "the rate per minute is reached",
      "the day's limit is reached",
      "held; `reeld release` resumes sending",
      "the ledger cannot be written",
      "reeld is stopping",
      "reeld is not running"};
  return texts[static_cast<std::size_t>(reason)];
}

std::optional<WaitReason> find_wait_reason(std::string_view word) {
  for (const WaitReason reason : wait_reasons) {
    if (word_of(reason) == word) return reason;
  }
  return std::nullopt;
}

void WaitTable::add(WaitReason reason, milliseconds age) {
  const auto column = std::upper_bound(wait_ages.begin(), wait_ages.end(), age) - wait_ages.begin();
  ++rows_[static_cast<std::size_t>(reason)][static_cast<std::size_t>(column)];
}

TellPair add_to(WaitTable& table) {
  return [&table](const JobName&, std::optional<WaitReason> reason, milliseconds age) {
    if (reason) table.add(*reason, age);
  };
}

std::size_t WaitTable::total(WaitReason reason) const {
  const Row& counts = row(reason);
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0});
}

}  // namespace reeld
