#include "scheduler/held_masses.hpp"

#include <algorithm>

namespace reeld {
namespace {

constexpr milliseconds calm = std::chrono::seconds(2);
constexpr milliseconds max_delay = std::chrono::seconds(30);

}  // namespace

bool HeldMasses::must_wait(const Masses::Candidate& pair) {
  if (released_.contains(pair.job) || !masses_.must_wait(pair)) return false;
  if (pair.is_copy && masses_.holds_duplicates()) news_.duplicates.push_back(pair.job);
  return true;
}

std::vector<JobName> HeldMasses::settle() {
  if (!has_found_all_) return {};
  if (std::exchange(has_settled_, true) && !masses_.has_gathered()) return {};
  auto decision = masses_.end_scan();
  note_held(decision);
  return std::move(decision.may_go);
}

std::vector<JobName> HeldMasses::release() {
  auto out = masses_.release();
  released_.insert(out.begin(), out.end());
  return out;
}

void HeldMasses::note_held(const Masses::Decision& decision) {
  news_.held += decision.held;
  for (const auto& [folder, count] : decision.where) news_.where[folder] += count;
  auto& duplicates = news_.duplicates;
  duplicates.insert(duplicates.end(), decision.duplicates.begin(), decision.duplicates.end());
}

void HeldMasses::note_arrivals(SteadyTime now) {
  const std::size_t held = masses_.held_of_arrivals();
  if (held == 0) told_late_ = 0;
  if (held == 0) return;
  if (told_late_ == 0) late_since_ = now;
  if (std::exchange(told_late_, held) != held) late_due_ = std::min(now + calm, late_since_ + max_delay);
  if (now < late_due_) return;
  note_held(masses_.take_held_of_arrivals());
  told_late_ = 0;
}

std::optional<SteadyTime> HeldMasses::news_due() const {
  return told_late_ != 0 ? std::optional(late_due_) : std::nullopt;
}

}  // namespace reeld
