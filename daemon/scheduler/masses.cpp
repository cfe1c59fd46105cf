#include "scheduler/masses.hpp"

#include <algorithm>
#include <utility>

namespace reeld {
namespace {

// A few takes of one pair are wanted as a rule; a folder of them is a mishap.
constexpr std::size_t max_copies = 20;
constexpr std::size_t max_places = 5;
// Of those that still matter: older ones are no longer being filled.
constexpr std::size_t max_arrivals = 256;

/// Whether that would be more than `most`; if not, it is one of them.
bool exceeds(std::set<JobName>& jobs, const JobName& job, std::size_t most) {
  if (jobs.contains(job)) return false;
  if (jobs.size() >= most) return true;
  jobs.insert(job);
  return false;
}

void count_held(const JobName& job, bool is_copy, Masses::Decision& into) {
  if (is_copy) into.duplicates.push_back(job);
  ++into.held;
  ++into.where[job.folder];
}

}  // namespace

std::string_view word_of(MassState state) {
  switch (state) {
    case MassState::held:
      return "held";
    case MassState::released:
      return "released";
    case MassState::none:
      break;
  }
  return "none";
}

MassState read_mass_state(std::string_view word) {
  if (word == word_of(MassState::held)) return MassState::held;
  return word == word_of(MassState::released) ? MassState::released : MassState::none;
}

MassState Masses::state() const {
  if (before_ != MassState::none) return before_;
  if (!held_.empty()) return MassState::held;
  return is_released_ ? MassState::released : MassState::none;
}

bool Masses::must_wait(const Candidate& pair) {
  const bool was_held = before_ == MassState::none && (held_.contains(pair.job) || left_.contains(pair.job));
  remove(pair.job);
  left_.erase(pair.job);
  const bool waits_alone = was_held || (pair.is_copy && rules_.holds_duplicates);
  const auto arrival = arrivals_.find(pair.arriving);
  const bool is_agreed = arrival != arrivals_.end() && arrival->second.is_released;
  const bool is_counted = pair.is_found && !is_agreed && (pair.is_copy || rules_.ask_above != 0);
  const Excess excess = waits_alone ? Excess{} : find_excess(pair);
  if (!waits_alone && !is_counted) {
    if (!excess.any()) return false;
    hold(pair.job, {pair.is_copy, pair.arriving});
    unsaid_.insert(pair.job);
    return true;
  }
  if (excess.any()) arrivals_.at(pair.arriving).has_found = true;
  if (excess.of_all) excess_.insert(pair.job);
  if (excess.of_copies) excess_copies_.insert(pair.job);
  (waits_alone ? held_ : gathered_).emplace(pair.job, Waiting{pair.is_copy, pair.arriving});
  (waits_alone ? held_copies_ : gathered_copies_) += pair.is_copy ? 1 : 0;
  return true;
}

/// Those that a scan finds in an arriving folder count, too, though the scan's end decides about them.
Masses::Excess Masses::find_excess(const Candidate& pair) {
  if (pair.arriving == 0 || (rules_.ask_above == 0 && !pair.is_copy)) return {};
  Arrival& arrival = obtain_arrival(pair.arriving);
  if (arrival.is_released) return {};
  Excess out;
  out.of_copies = pair.is_copy && exceeds(arrival.copies, pair.job, max_copies);
  if (!out.of_copies) out.of_all = rules_.ask_above != 0 && exceeds(arrival.all, pair.job, rules_.ask_above);
  arrival.has_held |= out.any();
  return out;
}

/// Of those that were not used for longest nothing is known any more.
Masses::Arrival& Masses::obtain_arrival(std::uint64_t number) {
  if (!arrivals_.contains(number) && arrivals_.size() >= max_arrivals) {
    arrivals_.erase(
        std::ranges::min_element(arrivals_, {}, [](const auto& each) { return each.second.last_use; }));
  }
  Arrival& arrival = arrivals_[number];
  arrival.last_use = ++uses_;
  return arrival;
}

void Masses::remove(const JobName& job) {
  if (const auto node = gathered_.extract(job)) gathered_copies_ -= node.mapped().is_copy ? 1 : 0;
  excess_.erase(job);
  excess_copies_.erase(job);
  if (const auto node = held_.extract(job)) {
    held_copies_ -= node.mapped().is_copy ? 1 : 0;
    left_.insert(job);
    if (held_.empty()) left_.clear();
  }
}

void Masses::hold(const JobName& job, Waiting waiting) {
  held_.emplace(job, waiting);
  held_copies_ += waiting.is_copy ? 1 : 0;
}

Masses::Decision Masses::take_held_of_arrivals() {
  Decision out;
  for (const JobName& job : std::exchange(unsaid_, {})) {
    const auto held = held_.find(job);
    if (held != held_.end()) count_held(job, held->second.is_copy, out);
  }
  return out;
}

Masses::Decision Masses::end_scan() {
  Decision out;
  const MassState before = std::exchange(before_, MassState::none);
  const Jobs found = std::exchange(gathered_, {});
  const std::size_t copies = std::exchange(gathered_copies_, 0);
  if (before == MassState::released) {
    is_released_ = true;
    take_agreed(out.may_go);
  }
  for (auto& [number, arrival] : arrivals_) arrival.has_found = false;
  const bool has_excess = !std::exchange(excess_, {}).empty();
  const bool has_excess_copies = !std::exchange(excess_copies_, {}).empty();
  const bool are_many = has_excess || found.size() > rules_.ask_above;
  const bool is_asked = before == MassState::none && rules_.ask_above != 0 && are_many;
  const bool holds_all = before == MassState::held || is_asked;
  const bool holds_copies =
      before == MassState::none && (has_excess || has_excess_copies || copies > max_copies);
  for (const auto& [job, waiting] : found) {
    if (holds_all || (waiting.is_copy && holds_copies)) {
      hold(job, waiting);
      count_held(job, waiting.is_copy, out);
    } else {
      out.may_go.push_back(job);
    }
  }
  return out;
}

std::vector<JobName> Masses::release() {
  std::vector<JobName> out;
  for (const auto& [job, waiting] : std::exchange(held_, {})) out.push_back(job);
  left_.clear();
  held_copies_ = 0;
  for (auto& [number, arrival] : arrivals_) {
    if (arrival.has_held) agree_to(arrival);
  }
  unsaid_.clear();
  if (before_ == MassState::held) before_ = MassState::released;
  is_released_ = is_released_ || !out.empty();
  return out;
}

/// The first scan after a person's word has found more of a folder than may go: the word was about it. What
/// has come into it since that scan began is a part of that; a folder that none of it was found in is not.
void Masses::take_agreed(std::vector<JobName>& into) {
  const auto is_agreed = [this](const Waiting& waiting) {
    if (waiting.is_copy && rules_.holds_duplicates) return false;
    const auto arrival = arrivals_.find(waiting.arriving);
    return arrival != arrivals_.end() && arrival->second.has_found;
  };
  std::vector<JobName> out;
  for (const auto& [job, waiting] : held_) {
    if (is_agreed(waiting)) out.push_back(job);
  }
  for (const JobName& job : out) {
    remove(job);
    left_.erase(job);
    unsaid_.erase(job);
  }
  into.insert(into.end(), out.begin(), out.end());
  for (auto& [number, arrival] : arrivals_) {
    if (arrival.has_found) agree_to(arrival);
  }
}

bool Masses::is_duplicate(const JobName& job) const {
  for (const auto* const jobs : {&gathered_, &held_}) {
    const auto known = jobs->find(job);
    if (known != jobs->end()) return known->second.is_copy;
  }
  return false;
}

std::string describe_places(const std::map<std::string, std::size_t>& where) {
  std::vector<std::pair<std::size_t, std::string>> places;
  for (const auto& [folder, count] : where) places.emplace_back(count, folder.empty() ? "." : folder);
  std::ranges::stable_sort(places, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string out;
  for (std::size_t i = 0; i < std::min(places.size(), max_places); ++i)
    out += (out.empty() ? "" : ", ") + places[i].second + " (" + std::to_string(places[i].first) + ")";
  if (places.size() <= max_places) return out;
  const std::size_t rest = places.size() - max_places;
  return out + " and " + std::to_string(rest) + (rest == 1 ? " folder more" : " folders more");
}

}  // namespace reeld
