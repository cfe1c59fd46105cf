#include "runtime/dispatcher.hpp"

#include <utility>

#include "runtime/log_events.hpp"

namespace reeld {
namespace {

SteadyTime steady_now() {
  return std::chrono::steady_clock::now();
}

std::string describe(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace

LaneLimits lane_limits(const SubmitSettings& submit) {
  LaneLimits out;
  out.concurrency = submit.concurrency;
  out.per_minute = submit.per_minute;
  out.per_day = submit.per_day;
  out.backoff_least = submit.backoff_least;
  out.backoff_most = submit.backoff_most;
  out.account_retry = submit.account_retry;
  out.doubt_pause = submit.doubt_pause;
  return out;
}

Dispatcher::Dispatcher(Parts parts, std::shared_ptr<ApiSide> side)
    : parts_(std::move(parts)),
      side_(std::move(side)),
      lane_(lane_limits(side_->settings.submit)),
      pump_timer_(parts_.loop),
      last_progress_(steady_now()),
      tasks_(
          parts_.loop,
          [this](std::string_view name, std::exception_ptr failure) {
            parts_.log.error(event::daemon_failed, "a fault in reeld itself: " + describe(failure),
                             {{"task", name}});
          },
          [this] {
            if (on_change_) on_change_();
          }) {}

void Dispatcher::start(Intake& intake, OnChange on_change) {
  intake_ = &intake;
  on_change_ = std::move(on_change);
}

void Dispatcher::change_side(std::shared_ptr<ApiSide> side) {
  side_->client->close_idle();
  std::erase_if(older_sides_, [](const std::weak_ptr<ApiSide>& older) { return older.expired(); });
  older_sides_.push_back(side_);
  side_ = std::move(side);
  lane_.change_limits(lane_limits(side_->settings.submit));
  lane_.probe_now();
  pump();
}

void Dispatcher::stop_sending() {
  commit_state_.is_open = false;
  pump_timer_.cancel();
  for_each_client([](HttpClient& client) { client.abort_uncommitted(); });
}

void Dispatcher::for_each_client(const std::function<void(HttpClient&)>& action) {
  for (const std::weak_ptr<ApiSide>& older : older_sides_) {
    if (const auto side = older.lock()) action(*side->client);
  }
  action(*side_->client);
}

void Dispatcher::insist() {
  is_insisting_ = true;
  for_each_client([](HttpClient& client) { client.abort_all(); });
  for (boost::asio::steady_timer* const timer : retry_waits_) timer->cancel();
}

DispatchCounts Dispatcher::counts() const {
  DispatchCounts out = counts_;
  out.waiting = turns_.size();
  out.in_flight = lane_.in_flight();
  return out;
}

void Dispatcher::note_progress() {
  last_progress_ = steady_now();
}

void Dispatcher::on_pair_ready(ReadyPair pair) {
  note_progress();
  if (is_known(pair)) {
    intake_->forget(pair.job);
    if (on_change_) on_change_();
    return;
  }
  const JobName name = pair.job;
  const auto [it, is_new] = jobs_.try_emplace(name);
  Job& job = it->second;
  if (!is_new && job.is_running) {
    job.successor = std::move(pair);
    return;
  }
  const std::int64_t age = pair.age_ns;
  job.pair = std::move(pair);
  job.ready_at = steady_now();
  turns_.remove(name);
  turns_.add(name, age);
  pump();
}

void Dispatcher::on_pair_gone(const JobName& job) {
  const auto it = jobs_.find(job);
  if (it == jobs_.end()) return;
  if (it->second.is_running) {
    it->second.is_gone = true;
    it->second.successor.reset();
    return;
  }
  turns_.remove(job);
  jobs_.erase(it);
  if (on_change_) on_change_();
}

void Dispatcher::on_pair_bad(const JobName& job, std::string reason) {
  if (jobs_.contains(job)) return;
  tasks_.spawn("write an error file", write_bad(job, std::move(reason)));
}

void Dispatcher::on_scan_done() {
  has_scanned_ = true;
  if (on_change_) on_change_();
}

void Dispatcher::pump() {
  while (commit_state_.is_open && turns_.size() != 0) {
    const LaneAnswer answer = lane_.ask(steady_now());
    if (!answer.may_start) {
      if (answer.ask_again) pump_later(*answer.ask_again);
      return;
    }
    begin(*turns_.take());
  }
}

void Dispatcher::pump_later(SteadyTime at) {
  if (pump_timer_.expiry() == at) return;  // armed already
  pump_timer_.expires_at(at);
  pump_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    pump_timer_.expires_at(SteadyTime::min());
    pump();
  });
}

bool Dispatcher::is_known(const ReadyPair& pair) {
  const auto known = memory_.find(pair.identity);
  if (!known) return false;
  parts_.log.warning(event::pair_known, "this pair was submitted before; it is not sent again",
                     {{"job", pair.job.text()}, {"verdict", word_of(*known)}});
  return true;
}

/// The attempt with these files is over. The same files elsewhere (moved meanwhile) have waited for what
/// comes of it.
void Dispatcher::let_go(const PairIdentity& pair) {
  auto node = sending_.extract(pair);
  if (!node) return;
  for (const JobName& name : node.mapped()) {
    const auto it = jobs_.find(name);
    if (it == jobs_.end() || it->second.is_running || it->second.pair.identity != pair) continue;
    turns_.add(name, it->second.pair.age_ns);
  }
}

void Dispatcher::begin(const JobName& name) {
  Job& job = jobs_.at(name);
  // Asked here and not only when a pair is ready: the same files may have been sent under another name since.
  if (is_known(job.pair)) {
    finish(name);
    return;
  }
  const auto [sending, is_first] = sending_.try_emplace(job.pair.identity);
  if (!is_first) {
    sending->second.push_back(name);
    return;
  }
  job.is_running = true;
  job.queued = std::chrono::duration_cast<milliseconds>(steady_now() - job.ready_at);
  ++job.attempts;
  const std::uint64_t ticket = lane_.on_started(steady_now());
  AttemptPlan plan(job.pair, job.attempts, side_, parts_.spool_fd, parts_.workers, parts_.log, commit_state_);
  tasks_.spawn("submit a pair", run_job(name, std::move(plan), ticket));
}

boost::asio::awaitable<void> Dispatcher::run_job(JobName name, AttemptPlan plan, std::uint64_t ticket) {
  AttemptReport report = co_await run_attempt(plan);
  // Before anything else can be sent: the same files may be waiting under another name.
  remember(report);
  settle_lane(report, ticket);
  if (report.kind == AttemptReport::Kind::judged) log_end(name, plan, report);
  pump();
  co_await handle_report(std::move(name), plan, std::move(report));
  let_go(plan.pair.identity);
  pump();
  if (on_change_) on_change_();
}

void Dispatcher::settle_lane(const AttemptReport& report, std::uint64_t ticket) {
  const bool is_stopping = !commit_state_.is_open && report.judgement.verdict == Verdict::unsent;
  if (report.kind != AttemptReport::Kind::judged || is_stopping) {
    lane_.on_dropped();
    return;
  }
  const double jitter = std::uniform_real_distribution<double>(0.0, 1.0)(dice_);
  const LaneChange change =
      lane_.on_ended(ticket, report.judgement.verdict, report.judgement.wait, steady_now(), jitter);
  log_lane(change, report.judgement.reason);
  if (report.judgement.verdict != Verdict::unsent && report.judgement.verdict != Verdict::account)
    note_progress();
}

/// Back among the waiting: its place is kept, unless it fails again and again after its bytes had begun to
/// flow.
void Dispatcher::put_back(const JobName& name, const AttemptReport& report) {
  Job& job = jobs_.at(name);
  job.is_running = false;
  if (job.is_gone) {
    start_over(name);
    return;
  }
  const bool is_stuck = report.judgement.verdict == Verdict::unsent && report.end.body_bytes_sent > 0;
  job.unsent_in_a_row = is_stuck ? job.unsent_in_a_row + 1 : 0;
  constexpr std::uint32_t patience = 3;
  if (job.unsent_in_a_row >= patience) {
    job.unsent_in_a_row = 0;
    turns_.add_last(name);
  } else {
    turns_.add(name, job.pair.age_ns);
  }
}

/// The files are no longer what was found ready: what intake has said since, or will say, counts.
void Dispatcher::start_over(const JobName& name) {
  const auto node = jobs_.extract(name);
  std::optional<ReadyPair> successor = std::move(node.mapped().successor);
  if (successor) {
    on_pair_ready(std::move(*successor));
  } else {
    intake_->look_again(name);
  }
}

/// The job has its result. Where intake has found it ready anew meanwhile (files replaced, an error file
/// removed at once), a look at the folder tells whether that still holds.
void Dispatcher::finish(const JobName& name) {
  const auto node = jobs_.extract(name);
  if (node && node.mapped().successor) {
    intake_->look_again(name);
  } else {
    intake_->forget(name);
  }
}

}  // namespace reeld
