#include "service/daemon.hpp"

#include <boost/asio/post.hpp>
#include <csignal>
#include <utility>

#include "async/steady_now.hpp"
#include "log/log_events.hpp"
#include "settings/exit_code.hpp"
#include "sys/process_setup.hpp"

namespace reeld {

Daemon::Daemon(boost::asio::io_context& loop, const DaemonOptions& options, EventLog& log,
               std::shared_ptr<ApiContext> context, TakenSpool taken)
    : loop_(loop),
      options_(options),
      log_(log),
      context_(std::move(context)),
      spools_(make_service(std::move(taken))),
      signals_(loop, SIGTERM, SIGINT, SIGHUP),
      drain_timer_(loop),
      key_watch_(
          loop.get_executor(), [this] { take_new_key(); },
          [this](const std::string& reason) { say_key_is_unwatched(reason); }),
      monitor_({loop.get_executor(), log, [this] { return spools_.current(); }, metrics_}),
      manager_(loop.get_executor(), {[this] { return describe_in_a_line(spool().read_live()); },
                                     [this] { return is_healthy(); }}) {}

std::shared_ptr<SpoolService> Daemon::make_service(TakenSpool spool) {
  SpoolService::Parts parts{loop_.get_executor(),   pools_.workers, pools_.syncs, log_, metrics_,
                            [this] { on_change(); }};
  return std::make_shared<SpoolService>(std::move(parts), std::move(spool), context_);
}

int Daemon::run() {
  try {
    begin();
  } catch (...) {
    end_after(std::current_exception());  // something of it may be under way
  }
  run_loop();
  pools_.workers.join();
  pools_.syncs.join();
  const DispatchCounts counts = spools_.count_all();
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
  monitor_.listen(current_settings().metrics.listen);
  await_signal();
  release_signals();
  key_watch_.watch(current_settings().api.key_file);
  if (options_.mode == DaemonOptions::Mode::drain) {
    drain_watch_ = std::make_unique<DrainWatch>(loop_.get_executor(), options_.patience, spool().dispatcher(),
                                                spool().intake(),
                                                [this](const std::string& reason) { begin_stop(reason); });
  }
  spool().listen();  // before reeld is said to be ready: who waited for that may ask at once
  say_ready();
  spool().start();
  manager_.on_ready();
}

void Daemon::say_ready() {
  log_.info(event::daemon_ready, "reeld " REELD_VERSION " serves " + current_settings().spool.path,
            {{"spool", current_settings().spool.path},
             {"url", current_settings().api.url.videos_url()},
             {"proxy", context_->proxy},
             {"concurrency", current_settings().submit.lane.concurrency},
             {"ledger", spool().ledger().path()},
             {"in_doubt", spool().recovered().doubts},
             {"owed", spool().recovered().unpublished.size()}});
}

void Daemon::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    on_signal(number);
    if (phase_ != Phase::over) await_signal();
  });
}

void Daemon::on_signal(int number) {
  if (number == SIGHUP) {
    manager_.on_reloading();
    reload();
    manager_.on_reloaded();
  } else if (is_stopping()) {
    abort_all();
  } else {
    begin_stop(number == SIGTERM ? "SIGTERM" : "SIGINT");
  }
}

void Daemon::begin_stop(const std::string& reason) {
  if (is_stopping()) return;
  phase_ = Phase::stopping;
  const DispatchCounts counts = spools_.count_all();
  log_.info(event::daemon_stopping, "stopping; answers that are due are waited for, at most drain_timeout",
            {{"reason", reason},
             {"in_flight", counts.in_flight},
             {"in_doubt", counts.doubt},
             {"waiting", counts.waiting}});
  key_watch_.stop();
  spool().stop();
  manager_.on_stopping(current_settings().submit.drain_timeout);
  drain_timer_.expires_after(current_settings().submit.drain_timeout);
  drain_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) abort_all();
  });
  // Not from here: what called may still be at work on what would be taken apart.
  boost::asio::post(loop_, [this] { end_if_done(); });
}

void Daemon::abort_all() {
  if (phase_ >= Phase::insisting) return;
  phase_ = Phase::insisting;
  log_.warning(event::daemon_stopping, "stopping at once; what is still unanswered is recorded as in doubt",
               {{"in_flight", spools_.count_all().in_flight}});
  spools_.abort_all();
}

void Daemon::on_change() {
  spool().look();
  manager_.on_change();
  // Not from here: what comes next may undo what it would see (a folder that is renamed goes, and comes
  // back).
  if (drain_watch_ && !is_stopping()) {
    boost::asio::post(loop_, [this] {
      if (!is_stopping()) drain_watch_->look();
    });
  }
  if (is_stopping() || spools_.is_any_draining()) boost::asio::post(loop_, [this] { end_if_done(); });
}

/// Spools that a reload has left, once their last answers are in.
void Daemon::retire_drained() {
  spools_.retire_drained([this](const std::string& path) {
    log_.info(event::spool_left, "the spool that was served before has its last answer, and is let go",
              {{"spool", path}});
  });
}

/// There is nothing left to stop: a signal that comes now must not make an orderly end look like a death.
void Daemon::end_signals() {
  signals_.cancel();
  signals_.clear();
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) std::signal(number, SIG_IGN);
}

void Daemon::end_if_done() {
  retire_drained();
  const bool may_end = is_stopping() && phase_ != Phase::over;
  if (!may_end || !spool().is_idle() || spools_.is_any_draining()) return;
  phase_ = Phase::over;
  spool().end();
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
  const auto oldest = spool().ledger().oldest_write();
  if (!oldest || steady_now() - *oldest < patience) return true;
  log_.error(event::ledger_failed,
             "the ledger has not answered for ten minutes: the service manager may start reeld anew",
             {{"reason", "a write does not end"}});
  return false;
}

}  // namespace reeld
