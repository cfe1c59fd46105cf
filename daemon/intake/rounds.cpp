// Scans: rounds of the whole spool, and what their messages mean for the stems.

#include <boost/asio/post.hpp>
#include <cerrno>
#include <iterator>
#include <utility>

#include "async/steady_now.hpp"
#include "core/spool_name.hpp"
#include "intake/engine.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

// So few that events get their turn between them.
constexpr std::size_t decisions_in_a_row = 512;

bool has_vanished(int code) {
  return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

}  // namespace

void IntakeEngine::rescan(std::string_view why) {
  if (is_stopped_) return;
  if (is_in_round_) {
    must_scan_again_ = true;
    return;
  }
  LogFields fields{{"reason", why}};
  const auto repeats = rescans_.note(std::string(why), steady_now());
  rescans_.interrupt();  // a day later it is news
  if (repeats != 0) fields.emplace_back("repeats", repeats);
  log_.write(repeats == 0 ? LogLevel::info : LogLevel::debug, event::spool_rescan,
             "the spool is scanned again", std::move(fields));
  begin_round();
}

void IntakeEngine::begin_round() {
  round_timer_.cancel();
  ++round_;
  is_in_round_ = true;
  has_read_all_ = false;
  must_scan_again_ = false;
  needs_polling_ = false;
  is_round_whole_ = true;
  scanner_->scan_all();
}

void IntakeEngine::on_scan_messages(std::vector<ScanMessage> messages) {
  for (auto& message : messages) {
    if (is_stopped_) return;
    std::visit([this](auto& content) { handle(std::move(content)); }, message);
  }
}

void IntakeEngine::handle(FolderOpened message) {
  folder_ = std::move(message.path);
  ++listing_;
  if (message.watch) watcher_->name_watch(*message.watch, folder_, round_);
  if (round_ != 1 || folder_.empty()) return;
  // It may be in the middle of what began before this start.
  const std::chrono::nanoseconds now = std::chrono::system_clock::now().time_since_epoch();
  if (ArrivingFolders::may_be_arriving({message.changed_ns, message.born_ns}, now.count(),
                                       options_.is_amid_mass))
    arriving_.note_folder(folder_, steady_now());
}

void IntakeEngine::handle(NamesFound message) {
  for (const auto& name : message.names) note_listed(name);
}

void IntakeEngine::note_listed(std::string_view name) {
  const auto classified = classify_name(name);
  JobName job{folder_, std::string(classified.stem)};
  const bool is_new = stems_.find(job) == nullptr;
  auto& stem = stems_.obtain(job);
  stem.round = round_;
  // A stem that has its number does not keep the folder arriving each time that it is listed.
  if (stem.arriving == 0) stem.arriving = arriving_.find(folder_, steady_now());
  if (is_new) stem.born_in = listing_;
  if (stem.listing != listing_) {
    stem.listing = listing_;
    stem.listed = 0;
    listed_.push_back(std::move(job));
  }
  ++stem.listed;
  const auto known = stem.files.size();
  obtain_file(stem, name, classified.kind == NameKind::prompt);
  // What this reading has found to be there is all that there is of it.
  if (stem.born_in != listing_ && stem.files.size() != known) stem.needs_full_search = true;
}

void IntakeEngine::handle(FolderRead message) {
  unreadable_.clear(folder_);
  if (watcher_) watcher_->note_names(folder_, message.has_odd_names);
  end_listing();
  if (unwritable_.contains(folder_)) try_unwritable(folder_);
  if (misconfigured_.contains(folder_)) try_misconfigured(folder_);
}

void IntakeEngine::handle(FolderFailed message) {
  for (const auto& job : listed_) stems_.obtain(job).needs_full_search = true;
  end_listing();
  if (has_vanished(message.error.code) && !message.path.empty()) return;
  is_round_whole_ = false;
  const auto trouble = unreadable_.note(message.path, steady_now());
  look_at_folder_soon(message.path, trouble.look_again);
  if (!trouble.must_say) return;
  log_.warning(event::folder_unreadable, "a folder cannot be read; it is tried again with every scan",
               {{"folder", show_folder(message.path)}, {"reason", message.error.message}});
}

/// Not before: a second image may stand at the folder's other end.
void IntakeEngine::end_listing() {
  undecided_.insert(undecided_.end(), std::make_move_iterator(listed_.begin()),
                    std::make_move_iterator(listed_.end()));
  listed_.clear();
  if (!is_deciding_) decide_some_listed();
}

void IntakeEngine::handle(PollingNeeded message) {
  needs_polling_ = true;
  begin_polling(message.reason);
}

void IntakeEngine::begin_polling(std::string_view reason) {
  const bool is_change = !std::exchange(is_polling_, true);
  // A round that runs, or is about to be the first, arms it at its end.
  if (is_change && round_ != 0 && !is_in_round_) arm_round_timer();
  if (!polling_reasons_.emplace(reason).second) return;
  log_.warning(event::spool_polling, "events do not serve here; the spool is scanned again and again",
               {{"reason", reason}, {"poll_ms", settings_.poll.count()}});
}

void IntakeEngine::decide_some_listed() {
  is_deciding_ = false;
  for (std::size_t i = 0; i < decisions_in_a_row && !undecided_.empty() && !is_stopped_; ++i) {
    const JobName job = std::move(undecided_.front());
    undecided_.pop_front();
    decide_listed(job);
  }
  if (is_stopped_) return;
  arm_timer();
  if (undecided_.empty()) {
    end_round_if_done();
    return;
  }
  is_deciding_ = true;
  boost::asio::post(loop_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->decide_some_listed();
  });
}

/// What the scan found of a stem, once its folder was read to the end.
void IntakeEngine::decide_listed(const JobName& job) {
  auto* const stem = stems_.find(job);
  if (stem == nullptr) return;
  const auto state = judge_stem(summarize(*stem, job.stem));
  const bool is_new =
      stem->phase == StemPhase::unknown && stem->look == LookState::none && !stem->needs_full_search;
  const bool is_a_wait_for_files = stem->phase == StemPhase::half || stem->phase == StemPhase::ambiguous ||
                                   stem->phase == StemPhase::conflict || stem->phase == StemPhase::unnameable;
  if (is_new && state != StemState::candidate) {
    settle(job, *stem, state);
    return;
  }
  // One of them is looked at for all of its folder.
  if (stem->phase == StemPhase::unwritable || stem->phase == StemPhase::misconfigured) return;
  if (is_a_wait_for_files) {
    if (!stem->needs_full_search && stem->listed == stem->files.size()) return;
    stem->needs_full_search = true;
  }
  stems_.set_awaited(*stem, true);
  request_look(job, *stem, false);
}

void IntakeEngine::on_scan_end(bool was_full) {
  if (is_stopped_) return;
  if (watcher_ && scanner_->is_idle()) watcher_->forget_unknown();
  was_full ? end_round() : say_if_all_found();
}

/// The whole spool was read: what was not seen is probably no longer there.
void IntakeEngine::end_round() {
  is_polling_ = needs_polling_ || !watcher_;
  // A folder that could not be read hides those below it, which may well be where they were.
  if (watcher_ && is_round_whole_) watcher_->drop_older_than(round_);
  for (const auto& job : stems_.list_unseen_by(round_)) {
    auto& stem = stems_.obtain(job);
    stem.needs_full_search = true;
    stems_.set_awaited(stem, true);
    request_look(job, stem, false);
  }
  has_read_all_ = true;
  end_round_if_done();
}

void IntakeEngine::say_if_all_found() {
  const bool is_reading = !scanner_->is_idle() || (is_in_round_ && !has_read_all_);
  if (is_stopped_ || !has_found_ || is_reading || !undecided_.empty() || stems_.awaited() != 0) return;
  has_found_ = false;
  listener_.on_all_found();
}

void IntakeEngine::end_round_if_done() {
  say_if_all_found();
  if (is_stopped_ || !is_in_round_ || !has_read_all_ || !undecided_.empty() || stems_.awaited() != 0) return;
  is_in_round_ = false;
  if (must_scan_again_) {
    rescan("events were lost during a scan");
    return;
  }
  arm_round_timer();
  listener_.on_scan_done();
}

void IntakeEngine::arm_round_timer() {
  round_timer_.expires_after(is_polling_ ? settings_.poll : settings_.rescan);
  round_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self || error || self->is_stopped_ || self->is_in_round_) return;
    self->log_.debug(event::spool_rescan, "the spool is scanned again", {{"reason", "it is time"}});
    self->begin_round();
  });
}

}  // namespace reeld
