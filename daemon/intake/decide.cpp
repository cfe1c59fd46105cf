// What a look has found, and what follows from it.

#include <algorithm>
#include <utility>

#include "async/steady_now.hpp"
#include "core/backoff.hpp"
#include "core/spool_name.hpp"
#include "intake/engine.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

constexpr std::uint32_t max_failed_looks = 6;
constexpr milliseconds max_retry = std::chrono::minutes(1);
constexpr milliseconds wait_for_event{20};

PairIdentity identify_pair(const TrackedStem& stem) {
  PairIdentity pair;
  for (const auto& file : stem.files)
    (file.is_prompt ? pair.prompt : pair.image) = file.seen.value_or(FileIdentity{});
  return pair;
}

ReadyPair describe_pair(const JobName& job, const TrackedStem& stem) {
  ReadyPair pair;
  pair.job = job;
  pair.identity = identify_pair(stem);
  pair.keeps_stamps = stem.keeps_stamps;
  pair.age_ns = std::max(pair.identity.prompt.mtime_ns, pair.identity.image.mtime_ns);
  for (const auto& file : stem.files) (file.is_prompt ? pair.prompt_name : pair.image_name) = file.name;
  return pair;
}

std::string list_names(const TrackedStem& stem) {
  std::string names;
  for (const auto& file : stem.files) names.append(names.empty() ? "" : ", ").append(file.name);
  return names;
}

}  // namespace

/// Five names rather than fifty-six, where a folder is known to have no others.
NameSearch IntakeEngine::search_for(const std::string& folder) const {
  const bool is_known = watcher_ && !is_polling_ && watcher_->has_usual_names_only(folder);
  return is_known ? NameSearch::usual : NameSearch::all;
}

std::optional<StemQuery> IntakeEngine::take_query(const JobName& job) {
  auto* const stem = stems_.find(job);
  if (stem == nullptr || stem->look != LookState::queued) return std::nullopt;
  stem->look = LookState::running;
  stem->ticket = ++last_ticket_;
  StemQuery query;
  query.job = job;
  query.ticket = stem->ticket;
  if (std::exchange(stem->needs_full_search, false)) query.search = search_for(job.folder);
  for (const auto& file : stem->files) query.names.push_back(file.name);
  query.is_late = std::ranges::any_of(
      stem->files, [](const TrackedFile& file) { return file.evidence == Evidence::arrived; });
  query.wants_neighbours = is_orphan(*stem) && !stem->has_said_phase;
  if (options_.fields) query.fields = options_.fields();
  query.may_be_settled = stem->is_awaited && stem->phase == StemPhase::unknown;
  const bool is_said = stem->phase == StemPhase::ready || stem->phase == StemPhase::forgotten;
  // What was written since is decided anew, though it may look the same: that takes a whole look.
  if (is_said && !stem->was_written) query.expected = stem->handed;
  return query;
}

void IntakeEngine::on_stem_report(StemReport report) {
  auto* const stem = stems_.find(report.job);
  // Another ticket: it was dropped meanwhile, and is another one under the same name now.
  if (is_stopped_ || stem == nullptr || stem->look != LookState::running || stem->ticket != report.ticket)
    return;
  stem->look = LookState::none;
  if (std::exchange(stem->must_look_again, false)) {
    stem->needs_full_search = true;
    request_look(report.job, *stem, true);
    return;
  }
  const bool was_unwritable = stem->phase == StemPhase::unwritable;
  const std::string awaited = stem->phase == StemPhase::misconfigured ? stem->settings_folder : "";
  const bool was_misconfigured = stem->phase == StemPhase::misconfigured;
  decide(report.job, *stem, report);
  if (was_unwritable) try_the_next(report.job);
  if (was_misconfigured) try_the_next_misconfigured(report.job, awaited);
  arm_timer();
  end_round_if_done();
}

/// The stem may be gone when this returns.
void IntakeEngine::decide(const JobName& job, TrackedStem& stem, const StemReport& report) {
  const bool is_delivered = stem.phase == StemPhase::ready || stem.phase == StemPhase::bad;
  if (report.trouble && is_delivered) {
    stems_.set_awaited(stem, false);
    // What lasts longer is the next scan's to see.
    if (stem.failed_looks < max_failed_looks)
      deadlines_.set(job, steady_now() + back_off(options_.first_retry, stem.failed_looks++, max_retry));
    return;
  }
  if (report.trouble) {
    report.hindrance ? wait_for_folder(job, stem, *report.hindrance)
                     : wait_out_trouble(job, stem, *report.trouble);
    return;
  }
  stem.failed_looks = 0;
  // What an event has told meanwhile was asked for at once, and is a look of its own.
  if (report.settled && stem.phase == StemPhase::unknown) {
    listener_.on_pair_settled(job, *report.settled);
    drop_finished(job);
    return;
  }
  const bool was_touched = std::exchange(stem.was_touched, false);
  const bool was_written = std::exchange(stem.was_written, false);
  merge_report(stem, report, steady_now(), was_touched);
  auto contents = summarize(stem, job.stem);
  contents.has_result = report.has_result;
  const auto state = judge_stem(contents);
  if (state == StemState::candidate && !was_written && is_still_the_listeners(job, stem, was_touched)) {
    stems_.set_awaited(stem, false);
    return;
  }
  if (state == StemState::finished && report.has_result && waits_under_result(job, stem, report)) return;
  if (state == StemState::finished || state == StemState::nothing) {
    drop_finished(job);
    return;
  }
  if (is_delivered) {
    retract(job, stem);
    auto* const after = stems_.find(job);
    if (after == nullptr || after->phase != StemPhase::unknown || is_stopped_) return;
  }
  if (state == StemState::candidate && report.hindrance) {
    wait_for_folder(job, stem, *report.hindrance);
  } else if (state == StemState::candidate && report.misconfigured) {
    wait_for_settings(job, stem, *report.misconfigured);
  } else if (state == StemState::candidate) {
    if (stem.phase == StemPhase::misconfigured) stems_.set_phase(stem, StemPhase::unknown, steady_now());
    if (report.has_settings) note_settings_read(job.folder, nullptr);
    if (unwritable_.contains(job.folder)) note_writable(job.folder);
    settle_pair(job, stem, report);
  } else {
    settle(job, stem, state, report.neighbours);
  }
}

/// That files were touched (times, permissions) changes nothing.
bool IntakeEngine::is_still_the_listeners(const JobName& job, TrackedStem& stem, bool was_touched) {
  const bool is_said =
      stem.phase == StemPhase::ready || stem.phase == StemPhase::bad || stem.phase == StemPhase::forgotten;
  if (!is_said || !stem.handed) return false;
  const PairIdentity found = identify_pair(stem);
  if (found == *stem.handed) return true;
  if (!may_be_touched_only(stem.handed->prompt, found.prompt) ||
      !may_be_touched_only(stem.handed->image, found.image))
    return false;
  if (was_touched) {
    stem.handed = found;
    stem.awaits_word = false;
    return true;
  }
  // The event that tells why may still be on its way; should none come, it was written through a mapping.
  if (std::exchange(stem.awaits_word, true)) return false;
  look_soon(job, wait_for_event);
  return true;
}

/// The report's, and what events tell.
PairFacts IntakeEngine::gather_all_facts(const JobName& job, const TrackedStem& stem,
                                         const StemReport& report) const {
  PairFacts facts = gather_facts(stem, report);
  facts.waiting_since = stem.phase == StemPhase::waiting ? stem.phase_since : steady_now();
  if (report.hides_remote_writers) return facts;
  for (const auto& file : stem.files) {
    auto& into = file.is_prompt ? facts.prompt : facts.image;
    // One that has content, and was not written, was linked into place.
    into.is_open = writes_.is_open(job.folder, file.name) || (file.is_made && into.size == 0);
  }
  return facts;
}

void IntakeEngine::retract(const JobName& job, TrackedStem& stem) {
  stems_.set_phase(stem, StemPhase::unknown, steady_now());
  stem.handed.reset();
  stem.awaits_word = false;
  stem.returns = 0;
  listener_.on_pair_gone(job);
}

/// Files that are put under a result may be other ones than it is about, or the same once more: who knows the
/// job can tell, as soon as nobody writes any more.
bool IntakeEngine::waits_under_result(const JobName& job, TrackedStem& stem, const StemReport& report) {
  const bool is_pair = report.files.size() == 2 && report.files[0].is_prompt != report.files[1].is_prompt;
  const bool is_delivered = stem.phase == StemPhase::ready || stem.phase == StemPhase::bad;
  if (!is_pair || is_delivered) return false;
  const auto is_open = [&](const FileReport& file) { return writes_.is_open(job.folder, file.name); };
  const auto now = steady_now();
  if (!stem.arrived_late || std::ranges::any_of(report.files, is_open)) stem.arrived_late = now;
  if (now >= *stem.arrived_late + options_.quiet) {
    listener_.on_pair_under_result(describe_pair(job, stem));
    return false;
  }
  stems_.set_phase(stem, StemPhase::forgotten, now);
  stems_.set_awaited(stem, false);
  deadlines_.set(job, *stem.arrived_late + options_.quiet);
  return true;
}

/// Of anything but a pair.
void IntakeEngine::settle(const JobName& job, TrackedStem& stem, StemState state,
                          const std::optional<std::string>& neighbours) {
  stems_.set_awaited(stem, false);
  stem.handed.reset();
  switch (state) {
    case StemState::half:
      settle_half(job, stem, neighbours);
      break;
    case StemState::ambiguous:
      stems_.set_phase(stem, StemPhase::ambiguous, steady_now());
      say_phase_once(job, stem, event::pair_ambiguous,
                     "two prompts or two images: not submitted until one is removed");
      break;
    case StemState::conflict:
      stems_.set_phase(stem, StemPhase::conflict, steady_now());
      say_phase_once(job, stem, event::pair_conflict,
                     "a conflict copy, by its name: not submitted; rename it if it is wanted");
      break;
    case StemState::unnameable:
      stems_.set_phase(stem, StemPhase::unnameable, steady_now());
      say_phase_once(job, stem, event::pair_unnameable, "too long a name for its results: rename the pair");
      break;
    default:
      drop_finished(job);
      break;
  }
}

/// `neighbours`: what a look has found beside it; nullopt where none was asked for that.
void IntakeEngine::settle_half(const JobName& job, TrackedStem& stem,
                               const std::optional<std::string>& neighbours) {
  stems_.set_phase(stem, StemPhase::half, steady_now());
  if (stem.has_said_phase) return;
  if (is_orphan(stem) && neighbours) return say_orphan(job, stem, *neighbours);
  deadlines_.set(job, std::max(steady_now(), stem.phase_since + settings_.incomplete_after));
}

/// Half a pair for so long that it is said.
bool IntakeEngine::is_orphan(const TrackedStem& stem) const {
  return stem.phase == StemPhase::half && steady_now() >= stem.phase_since + settings_.incomplete_after;
}

void IntakeEngine::say_phase_once(const JobName& job, TrackedStem& stem, std::string_view event,
                                  std::string_view message) {
  if (std::exchange(stem.has_said_phase, true)) return;
  log_.warning(event, message, {{"job", job.text()}, {"files", list_names(stem)}});
}

void IntakeEngine::say_orphan(const JobName& job, TrackedStem& stem, const std::string& neighbours) {
  if (std::exchange(stem.has_said_phase, true)) return;
  const bool has_prompt = !stem.files.empty() && stem.files.front().is_prompt;
  std::string message = job.text() + (has_prompt ? ": the prompt still waits for its image"
                                                 : ": the image still waits for its prompt");
  LogFields fields{{"job", job.text()}, {"files", list_names(stem)}};
  if (!neighbours.empty()) {
    message += "; " + neighbours;
    fields.emplace_back("neighbours", neighbours);
  }
  log_.warning(event::pair_orphan, message, std::move(fields));
}

void IntakeEngine::settle_pair(const JobName& job, TrackedStem& stem, const StemReport& report) {
  if (std::exchange(stem.is_in_trouble, false)) {
    stem.returns = 0;
    stem.has_said_trouble = false;
  }
  stem.keeps_stamps = report.keeps_stamps;
  const ReadinessRules rules{settings_.settle, options_.silence, settings_.incomplete_after};
  const auto readiness = judge_readiness(gather_all_facts(job, stem, report), rules, steady_now());
  switch (readiness.word) {
    case ReadinessWord::ready:
      deliver(job, stem, report.note);
      break;
    case ReadinessWord::bad:
      hand_over_bad(job, stem, readiness.reason);
      break;
    default:
      wait_for_pair(job, stem, readiness);
      break;
  }
}

void IntakeEngine::wait_for_pair(const JobName& job, TrackedStem& stem, const Readiness& readiness) {
  stems_.set_phase(stem, StemPhase::waiting, steady_now());
  stem.handed.reset();
  stem.wait_reason = readiness.reason;
  if (readiness.look_again) deadlines_.set(job, *readiness.look_again);
  // A scan waits for those that only need to be still for a moment, not for those that wait for somebody.
  stems_.set_awaited(stem, readiness.word == ReadinessWord::settling && stem.is_awaited);
  if (readiness.reason.empty() || stem.said_word == readiness.word) return;
  stem.said_word = readiness.word;
  log_.warning(event::pair_incomplete, "a file of the pair is not complete; the pair waits",
               {{"job", job.text()}, {"reason", readiness.reason}});
}

void IntakeEngine::wait_out_trouble(const JobName& job, TrackedStem& stem, const LookTrouble& trouble) {
  const auto now = steady_now();
  stems_.set_phase(stem, StemPhase::waiting, now);
  stem.wait_reason = trouble.reason;
  stem.was_found |= stem.is_awaited;
  stems_.set_awaited(stem, false);
  stem.needs_full_search = true;
  if (trouble.is_final) {
    hand_over_bad(job, stem, trouble.reason);
    return;
  }
  if (trouble.is_lasting && now >= stem.phase_since + settings_.incomplete_after) {
    hand_over_bad(job, stem, trouble.reason);
    return;
  }
  stem.is_in_trouble = true;
  deadlines_.set(job, now + back_off(options_.first_retry, stem.returns++, max_retry));
  // A file of mode 0600 whose mode is set last is not worth a word.
  if (now < stem.phase_since + options_.quiet || std::exchange(stem.has_said_trouble, true)) return;
  log_.warning(event::pair_unreadable, "the pair cannot be sent as it lies there; it is looked at again",
               {{"job", job.text()}, {"reason", trouble.reason}});
}

/// A listener that keeps giving a pair back without its files changing (a full disk) must not keep the
/// machine busy.
bool IntakeEngine::waits_out_pause(const JobName& job, TrackedStem& stem) {
  if (steady_now() >= stem.paused_until || stem.handed != identify_pair(stem)) return false;
  stems_.set_awaited(stem, false);
  deadlines_.set(job, stem.paused_until);
  return true;
}

/// `note`: names of fields that look mistyped.
void IntakeEngine::deliver(const JobName& job, TrackedStem& stem, const std::string& note) {
  if (waits_out_pause(job, stem)) return;
  ReadyPair pair = describe_pair(job, stem);
  pair.is_found = stem.is_awaited || stem.was_found;
  pair.arriving = stem.arriving;
  has_found_ |= pair.is_found;
  stem.was_found = false;
  stems_.set_phase(stem, StemPhase::ready, steady_now());
  stems_.set_awaited(stem, false);
  stem.handed = pair.identity;
  stem.said_word.reset();
  stem.awaits_word = false;
  say_ready(job, note);
  listener_.on_pair_ready(std::move(pair));
}

void IntakeEngine::say_ready(const JobName& job, const std::string& note) {
  if (note.empty()) {
    log_.info(event::pair_ready, "both files are complete", {{"job", job.text()}});
    return;
  }
  log_.warning(event::pair_ready, job.text() + ": both files are complete; a field may be mistyped: " + note,
               {{"job", job.text()}, {"note", note}});
}

void IntakeEngine::hand_over_bad(const JobName& job, TrackedStem& stem, const std::string& reason) {
  if (waits_out_pause(job, stem)) return;
  stems_.set_phase(stem, StemPhase::bad, steady_now());
  stems_.set_awaited(stem, false);
  stem.handed = identify_pair(stem);
  listener_.on_pair_bad(job, reason);
}

}  // namespace reeld
