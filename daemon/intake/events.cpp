// What the kernel's events say: where to look, and how soon.

#include <utility>

#include "core/spool_name.hpp"
#include "intake/engine.hpp"

namespace reeld {
namespace {

// A new name is most often followed by its close, which is worth more: the look waits for it so long. It must
// come in the end: a file that was linked into place is never closed.
constexpr milliseconds wait_for_close{10};

bool has_appeared(const WatchEvent& event) {
  return event.has(WatchFlag::created) || event.has(WatchFlag::moved_in) ||
         event.has(WatchFlag::closed_after_write);
}
bool has_gone(const WatchEvent& event) {
  return event.has(WatchFlag::deleted) || event.has(WatchFlag::moved_out);
}

}  // namespace

void IntakeEngine::on_watch_event(const std::string& folder, const WatchEvent& event) {
  if (event.name.empty() || event.has(WatchFlag::is_folder)) {
    if (settings_.recursive || event.name.empty()) on_folder_event(join_path(folder, event.name), event);
    return;
  }
  writes_.note(folder, event);
  if (writes_.is_full()) on_events_lost();
  const auto name = classify_name(event.name);
  const std::uint64_t arriving = find_arrival(folder, name.kind, event);
  if (name.kind == NameKind::folder_settings) on_settings_event(folder, event);
  if (is_result(name.kind)) on_result_event({folder, std::string(name.stem)}, event);
  if (is_input(name.kind))
    on_input_event({folder, std::string(name.stem)}, name.kind == NameKind::prompt, event, arriving);
}

/// A large film, or a file under a name that is not its last one, is a part of what is being copied, too;
/// what goes, changes its mode, or is reeld's own is not.
std::uint64_t IntakeEngine::find_arrival(const std::string& folder, NameKind kind, const WatchEvent& event) {
  const bool brings_something = has_appeared(event) || event.has(WatchFlag::modified);
  if (!brings_something || is_result(kind) || is_temporary_name(event.name)) return 0;
  return arriving_.find(folder, steady_now());
}

void IntakeEngine::on_events_lost() {
  forget_writes();
  rescan("events were lost");
}

/// The close of any file may have been among the events that did not come.
void IntakeEngine::forget_writes() {
  writes_.forget();
  stems_.forget_makers();
}

void IntakeEngine::on_folder_event(const std::string& path, const WatchEvent& event) {
  if (is_hidden_name(event.name) || ignored_.contains(event.name)) return;
  if (event.has(WatchFlag::created) || event.has(WatchFlag::moved_in)) {
    arriving_.note_folder(path, steady_now());
    scanner_->scan_folder(path);
  } else if (event.has(WatchFlag::unmounted)) {
    forget_writes();
    rescan("a file system was unmounted");
  } else if (event.has(WatchFlag::attributes_changed)) {
    look_at_folder(path);
  } else if (has_gone(event)) {
    drop_folder(path);
  } else if (path.empty() && event.has(WatchFlag::self_moved)) {
    rescan("the spool was moved");
  }
}

void IntakeEngine::drop_folder(const std::string& path) {
  watcher_->drop_within(path);
  unreadable_.drop_within(path);
  unwritable_.drop_within(path);
  misconfigured_.drop_within(path);
  writes_.drop_within(path);
  for (const auto& job : stems_.list_within(path)) drop_finished(job);
  end_round_if_done();
}

/// It is no longer intake's business: it has a result, or its folder is gone.
void IntakeEngine::drop_finished(const JobName& job) {
  const auto* const stem = stems_.find(job);
  if (stem == nullptr || is_stopped_) return;
  const bool is_delivered = stem->phase == StemPhase::ready || stem->phase == StemPhase::bad;
  deadlines_.drop(job);
  stems_.erase(job);
  if (is_delivered) listener_.on_pair_gone(job);
}

/// Of a reeld.toml that pairs wait for. Editors take the old file away, or make an empty one, before they
/// write: what that leaves for a moment is not what anybody means.
void IntakeEngine::on_settings_event(const std::string& folder, const WatchEvent& event) {
  if (!misconfigured_.contains(folder)) return;
  const bool is_whole = event.has(WatchFlag::moved_in) || event.has(WatchFlag::closed_after_write) ||
                        event.has(WatchFlag::attributes_changed);
  if (is_whole) {
    try_misconfigured(folder);
  } else if (event.has(WatchFlag::created) || has_gone(event)) {
    look_at_folder_soon(folder, steady_now() + options_.quiet);
  }
}

void IntakeEngine::on_result_event(const JobName& job, const WatchEvent& event) {
  if (has_appeared(event)) {
    drop_finished(job);
    end_round_if_done();
  } else if (has_gone(event)) {
    auto& stem = stems_.obtain(job);
    if (stem.phase == StemPhase::forgotten) stems_.set_phase(stem, StemPhase::unknown, SteadyTime{});
    stem.paused_until = {};
    stem.needs_full_search = true;
    request_look(job, stem, true);
  }
}

void IntakeEngine::on_input_event(const JobName& job, bool is_prompt, const WatchEvent& event,
                                  std::uint64_t arriving) {
  auto* stem = stems_.find(job);
  const bool is_new = stem == nullptr;
  if (is_new) {
    // Only what appears can make something of a stem that is finished, or not there.
    if (!has_appeared(event)) return;
    stem = &stems_.obtain(job);
    stem->needs_full_search = true;
  }
  // However long it waits for its folder: what it has come with is what it counts as.
  if (stem->arriving == 0) stem->arriving = arriving;
  stem->arrived_late.reset();
  stem->paused_until = {};  // somebody has done something about it, if only to its permissions
  if (has_gone(event)) {
    request_look(job, *stem, true);
  } else if (event.has(WatchFlag::modified)) {
    on_input_written(job, *stem, obtain_file(*stem, event.name, is_prompt));
  } else if (event.has(WatchFlag::attributes_changed)) {
    note_touch(*stem, event.name);
    // What the look that runs has seen may be of before.
    stem->must_look_again |= stem->look == LookState::running;
    look_soon(job, wait_for_close);
  } else if (event.has(WatchFlag::created)) {
    auto& file = obtain_file(*stem, event.name, is_prompt);
    restart_history(file, Evidence::created);
    file.is_made = true;
    stem->must_look_again |= stem->look == LookState::running;
    look_soon(job, wait_for_close);
  } else if (event.has(WatchFlag::moved_in) || event.has(WatchFlag::closed_after_write)) {
    restart_history(obtain_file(*stem, event.name, is_prompt), Evidence::arrived);
    request_look(job, *stem, true);
  }
}

/// Its close says when to look; but what was said to be complete is not.
void IntakeEngine::on_input_written(const JobName& job, TrackedStem& stem, TrackedFile& file) {
  restart_history(file, Evidence::created);
  const bool is_said =
      stem.phase == StemPhase::ready || stem.phase == StemPhase::bad || stem.phase == StemPhase::forgotten;
  if (!is_said || std::exchange(stem.was_written, true)) return;
  request_look(job, stem, true);
}

}  // namespace reeld
