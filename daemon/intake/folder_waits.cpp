// Pairs that wait for their folder: until results can be written into it, or until its reeld.toml, or that of
// a folder above, can be read. One pair is looked at for all that wait for the same.

#include <utility>

#include "async/steady_now.hpp"
#include "core/spool_name.hpp"
#include "intake/engine.hpp"
#include "log/log_events.hpp"

namespace reeld {

void IntakeEngine::set_aside(TrackedStem& stem, StemPhase phase) {
  stems_.set_phase(stem, phase, steady_now());
  stem.was_found |= stem.is_awaited;
  stems_.set_awaited(stem, false);
  stem.handed.reset();
  stem.needs_full_search = true;
}

/// What a scan has found counts among what it found, however long it had to wait ([submit] ask_above).
void IntakeEngine::try_again(const JobName& job, bool is_urgent) {
  auto* const stem = stems_.find(job);
  if (stem == nullptr) return;
  stems_.set_awaited(*stem, stem->was_found);
  request_look(job, *stem, is_urgent);
}

/// What is paid for must have a place to go.
void IntakeEngine::wait_for_folder(const JobName& job, TrackedStem& stem, const FolderHindrance& hindrance) {
  set_aside(stem, StemPhase::unwritable);
  const auto trouble = unwritable_.note(job.folder, steady_now());
  look_at_folder_soon(job.folder, trouble.look_again);
  if (!trouble.must_say) return;
  log_.warning(event::folder_unwritable,
               "no results can be written into this folder, so its pairs are not sent: " + hindrance.cure,
               {{"folder", show_folder(job.folder)}, {"reason", hindrance.reason}, {"cure", hindrance.cure}});
}

/// Asked with one of its pairs: should it be writable by now, the others follow.
void IntakeEngine::try_unwritable(const std::string& folder) {
  const auto waiting = stems_.list_unwritable(folder);
  if (waiting.empty()) {
    unwritable_.clear(folder);
    return;
  }
  try_again(waiting.front(), true);
}

/// Where the one that was asked with is no pair any more.
void IntakeEngine::try_the_next(const JobName& job) {
  const auto* const stem = stems_.find(job);
  const bool is_reported = stem != nullptr && stem->phase == StemPhase::unwritable;
  if (!is_reported && unwritable_.contains(job.folder) && !is_stopped_) try_unwritable(job.folder);
}

void IntakeEngine::note_writable(const std::string& folder) {
  unwritable_.clear(folder);
  for (const auto& job : stems_.list_unwritable(folder)) try_again(job, false);
}

/// What is paid for must be what was asked for.
void IntakeEngine::wait_for_settings(const JobName& job, TrackedStem& stem,
                                     const UnreadableSettings& settings) {
  set_aside(stem, StemPhase::misconfigured);
  stem.settings_folder = settings.folder;
  note_settings_read(job.folder, &settings.folder);
  const auto trouble = misconfigured_.note(settings.folder, steady_now(), settings.content);
  look_at_folder_soon(settings.folder, trouble.look_again);
  if (!trouble.must_say) return;
  log_.warning(
      event::folder_misconfigured,
      "the pairs of folder " + show_folder(settings.folder) +
          " wait, because its reeld.toml cannot be read; once it is corrected or removed, they are sent: " +
          settings.reason,
      {{"folder", show_folder(settings.folder)}, {"reason", settings.reason}});
}

void IntakeEngine::try_misconfigured(const std::string& folder) {
  const auto waiting = stems_.list_misconfigured(folder);
  if (waiting.empty()) {
    misconfigured_.clear(folder);
    return;
  }
  try_again(waiting.front(), true);
}

void IntakeEngine::try_the_next_misconfigured(const JobName& job, const std::string& folder) {
  const auto* const stem = stems_.find(job);
  const bool is_reported =
      stem != nullptr && stem->phase == StemPhase::misconfigured && stem->settings_folder == folder;
  if (!is_reported && misconfigured_.contains(folder) && !is_stopped_) try_misconfigured(folder);
}

/// A pair of that folder has found every reeld.toml above it readable; with `up_to`, those above that folder.
void IntakeEngine::note_settings_read(const std::string& folder, const std::string* up_to) {
  if (misconfigured_.size() == 0) return;
  std::string level;
  for (std::size_t slash = 0;;) {
    if (up_to != nullptr && level == *up_to) return;
    if (misconfigured_.contains(level)) note_configured(level);
    if (level == folder) return;
    slash = folder.find('/', level.empty() ? 0 : level.size() + 1);
    level = folder.substr(0, slash);
  }
}

void IntakeEngine::note_configured(const std::string& folder) {
  misconfigured_.clear(folder);
  for (const auto& job : stems_.list_misconfigured(folder)) try_again(job, false);
}

}  // namespace reeld
