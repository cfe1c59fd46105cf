#include "intake/stems.hpp"

#include <algorithm>
#include <utility>

#include "core/never_inputs.hpp"
#include "core/spool_name.hpp"

namespace reeld {
namespace {

std::optional<WaitReason> reason_of(StemPhase phase) {
  switch (phase) {
    case StemPhase::unknown:
      return WaitReason::undecided;
    case StemPhase::half:
      return WaitReason::half;
    case StemPhase::ambiguous:
      return WaitReason::ambiguous;
    case StemPhase::conflict:
      return WaitReason::conflict;
    case StemPhase::unnameable:
      return WaitReason::unnameable;
    case StemPhase::unwritable:
      return WaitReason::unwritable;
    case StemPhase::misconfigured:
      return WaitReason::settings;
    case StemPhase::waiting:
      return WaitReason::incomplete;
    default:
      return std::nullopt;
  }
}

}  // namespace

StemContents summarize(const TrackedStem& stem, std::string_view name) {
  StemContents contents;
  for (const auto& file : stem.files) ++(file.is_prompt ? contents.prompts : contents.images);
  contents.is_nameable = is_nameable(name);
  contents.is_conflict = is_conflict_copy(name);
  return contents;
}

TrackedFile& obtain_file(TrackedStem& stem, std::string_view name, bool is_prompt) {
  const auto is_same = [&](const TrackedFile& file) { return file.name == name; };
  const auto known = std::find_if(stem.files.begin(), stem.files.end(), is_same);
  if (known != stem.files.end()) return *known;
  auto& file = stem.files.emplace_back();
  file.name = name;
  file.is_prompt = is_prompt;
  return file;
}

void restart_history(TrackedFile& file, Evidence evidence) {
  file.evidence = evidence;
  file.is_made = false;
  file.unexplained.reset();
  file.seen.reset();
  file.looks = 0;
}

void note_touch(TrackedStem& stem, std::string_view name) {
  stem.was_touched = true;
  for (auto& file : stem.files) {
    if (file.name == name && file.unexplained) file.evidence = *std::exchange(file.unexplained, std::nullopt);
  }
}

namespace {

void note_identity(TrackedFile& file, const FileIdentity& found, SteadyTime now, bool was_touched) {
  if (file.seen == found) return;
  const bool has_new_times_only = file.seen && may_be_touched_only(*file.seen, found);
  if (has_new_times_only && was_touched) {
    file.seen = found;
    return;
  }
  if (file.seen) {
    // Changed without an event: the same file is being written, another one has taken its name. An event may
    // be on its way.
    const bool is_same_file = file.seen->device == found.device && file.seen->inode == found.inode;
    if (has_new_times_only && !file.unexplained) file.unexplained = file.evidence;
    file.evidence = is_same_file ? Evidence::created : Evidence::found;
  }
  file.seen = found;
  file.still_since = now;
}

FileFacts to_facts(const TrackedFile& file) {
  FileFacts facts;
  facts.evidence = file.evidence;
  facts.writers = file.writers;
  facts.size = file.seen ? file.seen->size : 0;
  facts.is_hard_linked = file.is_hard_linked;
  facts.still_since = file.still_since;
  facts.looks = file.looks;
  return facts;
}

}  // namespace

void merge_report(TrackedStem& stem, const StemReport& report, SteadyTime now, bool was_touched) {
  std::erase_if(stem.files, [&](const TrackedFile& file) {
    return std::none_of(report.files.begin(), report.files.end(),
                        [&](const FileReport& found) { return found.name == file.name; });
  });
  for (const auto& found : report.files) {
    auto& file = obtain_file(stem, found.name, found.is_prompt);
    note_identity(file, found.identity, now, was_touched);
    file.is_hard_linked = found.is_hard_linked;
    file.writers = found.writers;
    ++file.looks;
  }
}

PairFacts gather_facts(const TrackedStem& stem, const StemReport& report) {
  PairFacts facts;
  for (const auto& file : stem.files) (file.is_prompt ? facts.prompt : facts.image) = to_facts(file);
  facts.image_check = report.image_check;
  facts.image_reason = report.image_reason;
  facts.unfinished_prompt = report.unfinished_prompt;
  return facts;
}

TrackedStem* StemTable::find(const JobName& job) {
  const auto folder = folders_.find(job.folder);
  if (folder == folders_.end()) return nullptr;
  const auto stem = folder->second.find(job.stem);
  return stem == folder->second.end() ? nullptr : &stem->second;
}

TrackedStem& StemTable::obtain(const JobName& job) {
  const auto [place, is_new] = folders_[job.folder].try_emplace(job.stem);
  if (is_new) ++counts_.undecided;
  return place->second;
}

void StemTable::erase(const JobName& job) {
  const auto folder = folders_.find(job.folder);
  if (folder == folders_.end()) return;
  const auto stem = folder->second.find(job.stem);
  if (stem == folder->second.end()) return;
  set_awaited(stem->second, false);
  if (auto* const counter = counter_of(stem->second.phase)) --*counter;
  folder->second.erase(stem);
  if (folder->second.empty()) folders_.erase(folder);
}

std::size_t* StemTable::counter_of(StemPhase phase) {
  switch (phase) {
    case StemPhase::unknown:
      return &counts_.undecided;
    case StemPhase::conflict:
      return &counts_.conflict;
    case StemPhase::unnameable:
      return &counts_.unnameable;
    case StemPhase::unwritable:
      return &counts_.unwritable;
    case StemPhase::misconfigured:
      return &counts_.misconfigured;
    case StemPhase::half:
      return &counts_.half;
    case StemPhase::ambiguous:
      return &counts_.ambiguous;
    case StemPhase::waiting:
      return &counts_.incomplete;
    default:
      return nullptr;
  }
}

void StemTable::set_phase(TrackedStem& stem, StemPhase phase, SteadyTime now) {
  if (stem.phase == phase) return;
  if (auto* const counter = counter_of(stem.phase)) --*counter;
  if (auto* const counter = counter_of(phase)) ++*counter;
  stem.phase = phase;
  stem.phase_since = now;
  stem.has_said_phase = false;
}

std::optional<IncompletePair> StemTable::find_incomplete() const {
  std::optional<IncompletePair> out;
  for (const auto& [folder, stems] : folders_) {
    for (const auto& [name, stem] : stems) {
      if (stem.phase != StemPhase::waiting || (out && stem.wait_reason.empty())) continue;
      out = IncompletePair{{folder, name}, stem.wait_reason};
      if (!stem.wait_reason.empty()) return out;
    }
  }
  return out;
}

void StemTable::tally_waiting(WaitTable& into, SteadyTime now) const {
  list_waiting(add_to(into), now);
}

void StemTable::list_waiting(const TellPair& tell, SteadyTime now) const {
  for (const auto& [folder, stems] : folders_) {
    for (const auto& [name, stem] : stems) {
      const auto reason = reason_of(stem.phase);
      if (!reason) continue;
      // What was never looked at has no beginning yet.
      const auto since = stem.phase_since == SteadyTime{} ? now : stem.phase_since;
      tell({folder, name}, reason, std::chrono::duration_cast<milliseconds>(now - since));
    }
  }
}

void StemTable::set_awaited(TrackedStem& stem, bool is_awaited) {
  if (stem.is_awaited == is_awaited) return;
  stem.is_awaited = is_awaited;
  is_awaited ? ++awaited_ : --awaited_;
  const bool is_change = are_many_awaited_ ? awaited_ < many_awaited / 2 : awaited_ > many_awaited;
  if (!is_change) return;
  are_many_awaited_ = !are_many_awaited_;
  if (on_many_awaited_) on_many_awaited_(are_many_awaited_);
}

void StemTable::forget_makers() {
  for (auto& [folder, stems] : folders_) {
    for (auto& [name, stem] : stems) {
      for (auto& file : stem.files) file.is_made = false;
    }
  }
}

template <class Condition>
std::vector<JobName> StemTable::list_within(const std::string& folder, const Condition& is_wanted) const {
  std::vector<JobName> jobs;
  for (auto entry = folders_.lower_bound(folder); entry != folders_.end() && entry->first.starts_with(folder);
       ++entry) {
    if (!is_within(entry->first, folder)) continue;
    for (const auto& [stem, state] : entry->second) {
      if (is_wanted(state)) jobs.push_back({entry->first, stem});
    }
  }
  return jobs;
}

std::vector<JobName> StemTable::list_within(const std::string& folder) const {
  return list_within(folder, [](const TrackedStem&) { return true; });
}

std::vector<JobName> StemTable::list_in_trouble(const std::string& folder) const {
  return list_within(folder,
                     [](const TrackedStem& stem) { return stem.is_in_trouble || stem.failed_looks != 0; });
}

std::vector<JobName> StemTable::list_unwritable(const std::string& folder) const {
  std::vector<JobName> jobs;
  const auto entry = folders_.find(folder);
  if (entry == folders_.end()) return jobs;
  for (const auto& [stem, state] : entry->second) {
    if (state.phase == StemPhase::unwritable) jobs.push_back({folder, stem});
  }
  return jobs;
}

std::vector<JobName> StemTable::list_misconfigured(const std::string& folder) const {
  return list_within(folder, [&folder](const TrackedStem& stem) {
    return stem.phase == StemPhase::misconfigured && stem.settings_folder == folder;
  });
}

std::vector<JobName> StemTable::list_unseen_by(std::uint64_t round) const {
  std::vector<JobName> jobs;
  for (const auto& [folder, stems] : folders_) {
    for (const auto& [stem, state] : stems) {
      if (state.round != round) jobs.push_back({folder, stem});
    }
  }
  return jobs;
}

}  // namespace reeld
