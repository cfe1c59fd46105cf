#include "service/daemon.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <utility>

#include "async/steady_now.hpp"
#include "log/log_events.hpp"
#include "settings/exit_code.hpp"
#include "sys/process_setup.hpp"

namespace reeld {

Daemon::Daemon(boost::asio::io_context& loop, const DaemonOptions& options, EventLog& log,
               std::shared_ptr<ApiContext> context, TakenSpool spool)
    : loop_(loop),
      options_(options),
      log_(log),
      settings_(options.settings),
      context_(std::move(context)),
      spool_(make_service(std::move(spool))),
      signals_(loop, SIGTERM, SIGINT, SIGHUP),
      drain_timer_(loop),
      key_watch_(
          loop.get_executor(), [this] { take_new_key(); },
          [this](const std::string& reason) { say_key_is_unwatched(reason); }),
      monitor_({loop.get_executor(), log, [this] { return spool_; }, metrics_}),
      manager_(loop.get_executor(), {[this] { return describe_in_a_line(spool_->read_live()); },
                                     [this] { return is_healthy(); }}) {}

std::shared_ptr<SpoolService> Daemon::make_service(TakenSpool spool) {
  SpoolService::Parts parts{loop_.get_executor(), workers_, syncs_, log_, metrics_, [this] { on_change(); }};
  return std::make_shared<SpoolService>(std::move(parts), std::move(spool), context_);
}

int Daemon::run() {
  try {
    begin();
  } catch (...) {
    end_after(std::current_exception());  // something of it may be under way
  }
  run_loop();
  workers_.join();
  syncs_.join();
  const DispatchCounts counts = count_all();
  log_.info(event::daemon_stopped, "stopped",
            {{"accepted", counts.accepted},
             {"refused", counts.refused},
             {"in_flight", counts.in_flight},
             {"in_doubt", counts.doubt},
             {"waiting", counts.waiting}});
  if (is_faulty_) return exit_code::failed;
  return drain_watch_ ? drain_watch_->exit_code() : exit_code::fine;
}

void Daemon::begin() {
  monitor_.listen(settings_.metrics.listen);
  await_signal();
  release_signals();
  key_watch_.watch(settings_.api.key_file);
  if (options_.mode == DaemonOptions::Mode::drain) {
    drain_watch_ = std::make_unique<DrainWatch>(loop_.get_executor(), options_.patience, spool_->dispatcher(),
                                                spool_->intake(),
                                                [this](const std::string& reason) { begin_stop(reason); });
  }
  spool_->listen();  // before reeld is said to be ready: who waited for that may ask at once
  say_ready();
  spool_->start();
  manager_.on_ready();
}

void Daemon::say_ready() {
  log_.info(event::daemon_ready, "reeld " REELD_VERSION " serves " + settings_.spool.path,
            {{"spool", settings_.spool.path},
             {"url", settings_.api.url.videos_url()},
             {"proxy", context_->proxy},
             {"concurrency", settings_.submit.lane.concurrency},
             {"ledger", spool_->ledger().path()},
             {"in_doubt", spool_->recovered().doubts},
             {"owed", spool_->recovered().unpublished.size()}});
}

void Daemon::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    on_signal(number);
    if (!is_done_) await_signal();
  });
}

void Daemon::on_signal(int number) {
  if (number == SIGHUP) {
    manager_.on_reloading();
    reload();
    manager_.on_reloaded();
  } else if (is_stopping_) {
    abort_all();
  } else {
    begin_stop(number == SIGTERM ? "SIGTERM" : "SIGINT");
  }
}

DispatchCounts Daemon::count_all() const {
  DispatchCounts out = left_counts_;
  out += spool_->dispatcher().counts();
  for (const auto& draining : draining_) out += draining->dispatcher().counts();
  return out;
}

void Daemon::begin_stop(const std::string& reason) {
  if (is_stopping_) return;
  is_stopping_ = true;
  const DispatchCounts counts = count_all();
  log_.info(event::daemon_stopping, "stopping; answers that are due are waited for, at most drain_timeout",
            {{"reason", reason},
             {"in_flight", counts.in_flight},
             {"in_doubt", counts.doubt},
             {"waiting", counts.waiting}});
  key_watch_.stop();
  spool_->stop();
  manager_.on_stopping(settings_.submit.drain_timeout);
  drain_timer_.expires_after(settings_.submit.drain_timeout);
  drain_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) abort_all();
  });
  // Not from here: what called may still be at work on what would be taken apart.
  boost::asio::post(loop_, [this] { end_if_done(); });
}

void Daemon::abort_all() {
  if (is_insisting_) return;
  is_insisting_ = true;
  log_.warning(event::daemon_stopping, "stopping at once; what is still unanswered is recorded as in doubt",
               {{"in_flight", count_all().in_flight}});
  spool_->abort_all();
  for (const auto& draining : draining_) draining->abort_all();
}

void Daemon::on_change() {
  spool_->look();
  manager_.on_change();
  // Not from here: what comes next may undo what it would see (a folder that is renamed goes, and comes
  // back).
  if (drain_watch_ && !is_stopping_) {
    boost::asio::post(loop_, [this] {
      if (!is_stopping_) drain_watch_->look();
    });
  }
  if (is_stopping_ || !draining_.empty()) boost::asio::post(loop_, [this] { end_if_done(); });
}

/// Spools that a reload has left, once their last answers are in.
void Daemon::retire_drained() {
  for (const auto& draining : draining_) {
    if (draining->is_idle()) draining->end();
  }
  const auto first = std::stable_partition(draining_.begin(), draining_.end(),
                                           [](const auto& draining) { return !draining->is_over(); });
  for (auto it = first; it != draining_.end(); ++it) {
    left_counts_ += (*it)->dispatcher().counts();
    log_.info(event::spool_left, "the spool that was served before has its last answer, and is let go",
              {{"spool", (*it)->path()}});
  }
  draining_.erase(first, draining_.end());
}

/// There is nothing left to stop: a signal that comes now must not make an orderly end look like a death.
void Daemon::end_signals() {
  signals_.cancel();
  signals_.clear();
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) std::signal(number, SIG_IGN);
}

void Daemon::end_if_done() {
  retire_drained();
  if (is_done_ || !is_stopping_ || !spool_->is_idle() || !draining_.empty()) return;
  is_done_ = true;
  spool_->end();
  monitor_.stop();
  manager_.stop();
  end_signals();
  drain_timer_.cancel();
  key_watch_.stop();
  if (drain_watch_) drain_watch_->stop();
  context_->client->close_idle();
}

/// Whether the watchdog may be fed. Longer than any disk stalls that comes back: an abort costs what only the
/// memory holds.
bool Daemon::is_healthy() {
  constexpr milliseconds patience = std::chrono::minutes(10);
  const auto oldest = spool_->ledger().oldest_write();
  if (!oldest || steady_now() - *oldest < patience) return true;
  log_.error(event::ledger_failed,
             "the ledger has not answered for ten minutes: the service manager may start reeld anew",
             {{"reason", "a write does not end"}});
  return false;
}

}  // namespace reeld
