#include "intake/engine.hpp"

#include <algorithm>
#include <utility>

#include "async/steady_now.hpp"
#include "core/backoff.hpp"
#include "log/log_events.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr milliseconds max_pause_between_returns = std::chrono::minutes(1);

// A description of its own: one that holds the spool's lock must not be kept open by a look that ends late.
std::shared_ptr<const UniqueFd> open_root(int spool_fd, const std::string& path, Log& log) {
  auto opened = open_folder_beneath(spool_fd, "");
  if (auto* const fd = std::get_if<UniqueFd>(&opened))
    return std::make_shared<const UniqueFd>(std::move(*fd));
  log.error(event::folder_unreadable, "the spool cannot be opened",
            {{"folder", path}, {"reason", std::get<SysError>(opened).message}});
  return std::make_shared<const UniqueFd>();
}

milliseconds pause_after_returns(std::uint32_t returns) {
  return back_off(std::chrono::seconds(1), returns, max_pause_between_returns);
}

}  // namespace

IntakeEngine::IntakeEngine(boost::asio::any_io_executor loop, boost::asio::thread_pool& workers, int spool_fd,
                           SpoolSettings settings, Log& log, IntakeListener& listener, IntakeOptions options)
    : loop_(std::move(loop)),
      settings_(std::move(settings)),
      log_(log),
      listener_(listener),
      options_(options),
      ignored_(settings_.ignore),
      root_(open_root(spool_fd, settings_.path, log)),
      looks_(std::make_shared<IntakeLooks>(
          loop_, workers, root_,
          InspectRules{settings_.max_image, options_.asks_leases, settings_.path, settings_.max_prompt,
                       options_.open_settled},
          *this)),
      unreadable_(options_.quiet),
      unwritable_(options_.quiet),
      misconfigured_(options_.quiet),
      arriving_(options_.arrival_silence),
      timer_(loop_),
      round_timer_(loop_) {
  if (!options_.polls) open_watch();
}

/// Before reeld is said to be ready: who has waited for that may begin to write at once. What happens in the
/// spool itself is kept from now on, until the scan has named the watch.
void IntakeEngine::open_watch() {
  auto opened = Inotify::open();
  if (const auto* const error = std::get_if<SysError>(&opened)) {
    no_events_ = error->message;
    return;
  }
  inotify_ = std::make_shared<const Inotify>(std::move(std::get<Inotify>(opened)));
  inotify_->watch_folder(root_->get(), "");
}

void IntakeEngine::start() {
  if (inotify_) {
    watcher_ = std::make_shared<IntakeWatcher>(loop_, inotify_, *this);
    watcher_->start();
  } else {
    begin_polling(no_events_);
  }
  scanner_ = std::make_shared<IntakeScanner>(loop_, root_, inotify_, settings_.recursive, *this, ignored_);
  begin_round();
}

void IntakeEngine::stop() {
  is_stopped_ = true;
  is_in_round_ = false;
  timer_.cancel();
  round_timer_.cancel();
  looks_->stop();
  if (watcher_) watcher_->stop();
  if (scanner_) scanner_->stop();
  deadlines_.clear();
  folder_looks_.clear();
}

bool IntakeEngine::is_scanning() const {
  if (is_stopped_) return false;
  const bool is_reading = scanner_ && !scanner_->is_idle();
  return is_in_round_ || is_reading || !undecided_.empty() || stems_.awaited() != 0;
}

void IntakeEngine::forget(const JobName& job) {
  auto* const stem = stems_.find(job);
  if (is_stopped_ || stem == nullptr) return;
  if (stem->phase == StemPhase::ready || stem->phase == StemPhase::bad) {
    stems_.set_phase(*stem, StemPhase::forgotten, steady_now());
    stem->returns = 0;
  } else if (stem->phase != StemPhase::forgotten) {
    // Something has happened to it since it was handed over: whether it has a result, only a look can tell.
    stem->needs_full_search = true;
    request_look(job, *stem, true);
  }
}

void IntakeEngine::look_again(const JobName& job) {
  // What is in hand may be of rules that were changed since.
  const bool is_served = (settings_.recursive || job.folder.empty()) && !ignored_.covers(job.folder);
  if (is_stopped_ || !is_served) return;
  auto& stem = stems_.obtain(job);
  const bool is_returned = stem.phase == StemPhase::ready || stem.phase == StemPhase::bad;
  const bool must_pause = stem.phase == StemPhase::bad || (is_returned && stem.returns > 0);
  if (is_returned) ++stem.returns;
  const auto now = steady_now();
  stem.paused_until = must_pause ? now + pause_after_returns(stem.returns - 1) : SteadyTime{};
  stems_.set_phase(stem, StemPhase::unknown, now);
  stem.needs_full_search = true;
  // At once even so: most often it has a result now, and that is all.
  request_look(job, stem, true);
}

void IntakeEngine::request_look(const JobName& job, TrackedStem& stem, bool is_urgent) {
  deadlines_.drop(job);
  if (stem.look == LookState::running) {
    stem.must_look_again = true;
    return;
  }
  if (stem.look == LookState::queued && (stem.is_urgent || !is_urgent)) return;
  stem.look = LookState::queued;
  stem.is_urgent = is_urgent;
  looks_->push(job, is_urgent);
}

void IntakeEngine::look_soon(const JobName& job, milliseconds delay) {
  deadlines_.set_earlier(job, steady_now() + delay);
  arm_timer();
}

void IntakeEngine::arm_timer() {
  const auto stems = deadlines_.earliest();
  const auto folders = folder_looks_.earliest();
  const auto earliest = stems && folders ? std::min(stems, folders) : (stems ? stems : folders);
  if (is_stopped_ || !earliest || *earliest >= armed_for_) return;
  armed_for_ = *earliest;
  timer_.expires_at(*earliest);
  timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->on_timer();
  });
}

void IntakeEngine::on_timer() {
  armed_for_ = SteadyTime::max();
  for (const auto& job : deadlines_.take_due(steady_now())) {
    if (is_stopped_) return;
    on_due(job);
  }
  for (const auto& folder : folder_looks_.take_due(steady_now())) {
    if (!is_stopped_) look_at_folder(folder.folder);
  }
  arm_timer();
}

void IntakeEngine::look_at_folder_soon(const std::string& path, std::optional<SteadyTime> at) {
  if (!at) return;
  folder_looks_.set_earlier({path, ""}, *at);
  arm_timer();
}

/// Whether it can be read, or written into, by now, or its reeld.toml was mended.
void IntakeEngine::look_at_folder(const std::string& path) {
  for (const auto& job : stems_.list_in_trouble(path)) try_again(job, true);
  if (unreadable_.contains(path)) scanner_->scan_folder(path);
  if (unwritable_.contains(path)) try_unwritable(path);
  if (misconfigured_.contains(path)) try_misconfigured(path);
}

void IntakeEngine::on_due(const JobName& job) {
  if (auto* const stem = stems_.find(job)) request_look(job, *stem, !stem->is_awaited);
}

std::string IntakeEngine::show_folder(const std::string& path) const {
  return path.empty() ? settings_.path : path;
}

}  // namespace reeld
