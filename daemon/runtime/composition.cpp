#include "runtime/composition.hpp"

#include <boost/asio/post.hpp>
#include <csignal>
#include <utility>

#include "runtime/log_events.hpp"

namespace reeld {

Composition::Composition(boost::asio::io_context& loop, const DaemonOptions& options, int spool_fd,
                         SpoolLog& log, std::shared_ptr<ApiSide> side, OpenLedger ledger, Recovered recovered)
    : loop_(loop),
      options_(options),
      log_(log),
      settings_(options.settings),
      recovered_(std::move(recovered)),
      side_(std::move(side)),
      ledger_(loop.get_executor(), workers_, std::move(ledger), log),
      dispatcher_({loop.get_executor(), workers_, syncs_, spool_fd, log, ledger_, metrics_}, side_),
      intake_(loop.get_executor(), workers_, spool_fd, options.settings.spool, log, dispatcher_),
      signals_(loop, SIGTERM, SIGINT, SIGHUP),
      drain_timer_(loop),
      key_watch_(
          loop.get_executor(), [this] { take_new_key(); },
          [this](const std::string& reason) { say_key_is_unwatched(reason); }),
      keeping_(
          loop.get_executor(), [](std::string_view, std::exception_ptr) {}, [this] { on_change(); }),
      marker_(loop.get_executor(), syncs_, spool_fd, options.settings.spool.path, ledger_, keeping_),
      retention_(loop.get_executor(), syncs_, spool_fd, ledger_, keeping_),
      control_(loop.get_executor(), spool_fd, options.settings.spool.path, log,
               [this](std::vector<std::string> request) { return answer(std::move(request)); }),
      monitor_({loop.get_executor(), log, dispatcher_, intake_, ledger_, metrics_}),
      manager_(loop.get_executor(),
               {[this] { return describe_in_a_line(read_live()); }, [this] { return is_well(); }}) {}

int Composition::run() {
  control_.start();  // before reeld is said to be ready: who waited for that may ask at once
  monitor_.listen(settings_.metrics.listen);
  log_.info(event::daemon_ready, "reeld " REELD_VERSION " serves " + settings_.spool.path,
            {{"spool", settings_.spool.path},
             {"url", settings_.api.url.videos_url()},
             {"proxy", side_->proxy},
             {"concurrency", settings_.submit.concurrency},
             {"ledger", ledger_.path()},
             {"in_doubt", recovered_.doubts},
             {"owed", recovered_.owed.size()}});
  await_signal();
  key_watch_.watch(settings_.api.key_file);
  if (options_.mode == DaemonOptions::Mode::drain) {
    drain_watch_ = std::make_unique<DrainWatch>(loop_.get_executor(), options_.patience, dispatcher_, intake_,
                                                [this](const std::string& reason) { begin_stop(reason); });
  }
  ledger_.start([this] { dispatcher_.on_ledger_changed(); }, [this] { marker_.look(); });
  dispatcher_.start(intake_, [this] { on_change(); });
  for (const SystemTime at : recovered_.spent) dispatcher_.note_spent(at);
  dispatcher_.set_held(recovered_.is_held);
  dispatcher_.publish_owed(std::exchange(recovered_.owed, {}));
  retention_.start(settings_.ledger.keep);
  intake_.start();
  manager_.on_ready();
  loop_.run();
  workers_.join();
  syncs_.join();
  const DispatchCounts counts = dispatcher_.counts();
  log_.info(event::daemon_stopped, "stopped",
            {{"accepted", counts.accepted},
             {"refused", counts.refused},
             {"in_flight", counts.in_flight},
             {"in_doubt", counts.doubt},
             {"waiting", counts.waiting}});
  return drain_watch_ ? drain_watch_->exit_code() : 0;
}

void Composition::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    on_signal(number);
    if (!is_done_) await_signal();
  });
}

void Composition::on_signal(int number) {
  if (number == SIGHUP) {
    manager_.on_reloading();
    reload();
    manager_.on_reloaded();
  } else if (is_stopping_) {
    insist();
  } else {
    begin_stop(number == SIGTERM ? "SIGTERM" : "SIGINT");
  }
}

void Composition::reload() {
  log_.reopen();
  if (is_stopping_) return;
  auto result = options_.reload ? options_.reload()
                                : std::variant<Reloaded, std::string>("there is no configuration file");
  std::string reason;
  auto* const loaded = std::get_if<Reloaded>(&result);
  const bool needs_restart = loaded != nullptr && loaded->settings.spool != settings_.spool;
  if (loaded == nullptr) {
    reason = std::get<std::string>(result);
  } else if (change_side(std::move(loaded->settings), loaded->api_key, reason)) {
    key_watch_.watch(settings_.api.key_file);
    log_.write(needs_restart ? LogLevel::warning : LogLevel::info, event::config_reloaded,
               needs_restart ? "the configuration was read again; what changed in [spool] takes a restart"
                             : "the configuration was read again",
               {{"url", settings_.api.url.videos_url()}});
    return;
  }
  log_.error(event::config_rejected, "the configuration was not changed", {{"reason", reason}});
}

/// The key file has changed: the key alone is taken, for the configuration may be half edited.
void Composition::take_new_key() {
  if (is_stopping_ || !options_.reload) return;
  auto result = options_.reload();
  std::string reason;
  auto* const loaded = std::get_if<Reloaded>(&result);
  if (loaded == nullptr) {
    reason = std::get<std::string>(result);
  } else if (change_side(settings_, loaded->api_key, reason)) {
    log_.info(event::config_reloaded, "the key file was read again",
              {{"url", settings_.api.url.videos_url()}});
    return;
  }
  log_.error(event::config_rejected, "the key was not changed", {{"reason", reason}});
}

void Composition::say_key_is_unwatched(const std::string& reason) {
  log_.warning(event::key_unwatched,
               "the key file is not watched; a reload takes up a new key, and tries again",
               {{"reason", reason}});
}

bool Composition::change_side(Settings settings, const std::string& key, std::string& reason) {
  // This takes a restart: until then all parts go by the same.
  settings.spool = settings_.spool;
  auto made = make_api_side(loop_.get_executor(), std::move(settings), key);
  if (auto* const complaint = std::get_if<std::string>(&made)) {
    reason = std::move(*complaint);
    return false;
  }
  auto& side = std::get<std::shared_ptr<ApiSide>>(made);
  if (auto error = log_.change(side->settings.log)) {
    reason = std::move(error->message);
    return false;
  }
  side_ = std::move(side);
  settings_ = side_->settings;
  retention_.change_keep(settings_.ledger.keep);
  dispatcher_.change_side(side_);
  monitor_.listen(settings_.metrics.listen);
  return true;
}

void Composition::begin_stop(const std::string& reason) {
  if (is_stopping_) return;
  is_stopping_ = true;
  const DispatchCounts counts = dispatcher_.counts();
  log_.info(event::daemon_stopping, "stopping; answers that are due are waited for, at most drain_timeout",
            {{"reason", reason},
             {"in_flight", counts.in_flight},
             {"in_doubt", counts.doubt},
             {"waiting", counts.waiting}});
  manager_.on_stopping(settings_.submit.drain_timeout);
  intake_.stop();
  key_watch_.stop();
  dispatcher_.stop_sending();
  ledger_.stop();
  marker_.stop();
  retention_.stop();
  drain_timer_.expires_after(settings_.submit.drain_timeout);
  drain_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) insist();
  });
  // Not from here: what called may still be at work on what would be taken apart.
  boost::asio::post(loop_, [this] { end_if_done(); });
}

void Composition::insist() {
  if (is_insisting_) return;
  is_insisting_ = true;
  log_.warning(event::daemon_stopping, "stopping at once; what is still unanswered is recorded as in doubt",
               {{"in_flight", dispatcher_.counts().in_flight}});
  dispatcher_.insist();
}

void Composition::on_change() {
  marker_.look();
  manager_.on_change();
  // Not from here: what comes next may undo what it would see (a folder that is renamed goes, and comes
  // back).
  if (drain_watch_ && !is_stopping_) {
    boost::asio::post(loop_, [this] {
      if (!is_stopping_) drain_watch_->look();
    });
  }
  if (is_stopping_) boost::asio::post(loop_, [this] { end_if_done(); });
}

void Composition::end_if_done() {
  if (is_done_ || !dispatcher_.is_idle() || keeping_.running() != 0) return;
  is_done_ = true;
  control_.stop();
  monitor_.stop();
  manager_.stop();
  signals_.cancel();
  drain_timer_.cancel();
  key_watch_.stop();
  if (drain_watch_) drain_watch_->stop();
  side_->client->close_idle();
}

}  // namespace reeld
