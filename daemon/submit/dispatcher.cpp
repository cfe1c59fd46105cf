#include "submit/dispatcher.hpp"

#include <utility>

#include "async/steady_now.hpp"
#include "core/said_known.hpp"
#include "log/log_events.hpp"

namespace reeld {
namespace {

/// At a start the oldest pair goes first; but a spool of a million files is not waited for.
constexpr milliseconds max_wait_for_scan = std::chrono::seconds(1);

/// A flag that is set for as long as this lives, also where an exception ends it.
class WhileTrue {
 public:
  explicit WhileTrue(bool& flag) : flag_(flag) { flag_ = true; }
  ~WhileTrue() { flag_ = false; }
  WhileTrue(const WhileTrue&) = delete;
  WhileTrue& operator=(const WhileTrue&) = delete;

 private:
  bool& flag_;
};

milliseconds time_until_repeat(const Recognition* recognition) {
  if (recognition == nullptr || !recognition->known || !recognition->known->repeat_at) return milliseconds(0);
  const auto wait = std::chrono::duration_cast<milliseconds>(*recognition->known->repeat_at -
                                                             std::chrono::system_clock::now());
  return std::max(wait, milliseconds(0));
}

}  // namespace

DispatchCounts& DispatchCounts::operator+=(const DispatchCounts& other) {
  accepted += other.accepted;
  refused += other.refused;
  doubt += other.doubt;
  waiting += other.waiting;
  in_flight += other.in_flight;
  half_replaced += other.half_replaced;
  unpublished += other.unpublished;
  return *this;
}

Dispatcher::Dispatcher(Parts parts, std::shared_ptr<ApiContext> context)
    : parts_(std::move(parts)),
      attempts_({parts_.spool_fd, parts_.workers, parts_.log, parts_.ledger}, std::move(context)),
      scheduler_(attempts_.settings().submit.lane, attempts_.settings().submit.scheduler),
      log_(parts_.log, parts_.metrics),
      rests_(parts_.loop),
      lookup_(parts_.ledger, log_, rests_, tasks_, *this),
      upkeep_({parts_.spool_fd, parts_.ledger, log_, rests_, tasks_,
               [this] { return scheduler_.lane().in_flight() == 0; }}),
      results_({parts_.loop, parts_.workers, parts_.syncs, parts_.spool_fd, parts_.log, parts_.ledger, log_,
                rests_, upkeep_, attempts_.commit_state(), scheduler_, tasks_,
                [this](const JobName& job) { intake_->look_again(job); }}),
      timer_(parts_.loop, [this] { advance(); }),
      progress_(steady_now()),
      tasks_(parts_.loop, [this] {
        if (on_change_) on_change_();
      }) {}

void Dispatcher::start(Intake& intake, OnChange on_change) {
  intake_ = &intake;
  on_change_ = std::move(on_change);
  scheduler_.wait_for_scan(steady_now() + max_wait_for_scan);
}

void Dispatcher::count_toward_daily_cap(SystemTime at) {
  scheduler_.count_toward_daily_cap(steady_now() - (std::chrono::system_clock::now() - at));
}

void Dispatcher::change_side(std::shared_ptr<ApiContext> context) {
  attempts_.switch_to(std::move(context));
  results_.error_files.keep_all();
  scheduler_.change_rules(attempts_.settings().submit.lane, attempts_.settings().submit.scheduler,
                          steady_now());
  advance();
}

void Dispatcher::change_intake(Intake& intake) {
  intake_ = &intake;
  scheduler_.drop_waiting();
  results_.pending.erase_if([this](const JobName& job) { return !scheduler_.contains(job); });
  advance();
}

void Dispatcher::set_held(bool is_held) {
  if (scheduler_.is_held() == is_held) return;
  scheduler_.set_held(is_held);
  if (is_held) {
    parts_.log.warning(event::lane_held, "held: nothing is sent until `reeld release`");
  } else {
    parts_.log.info(event::lane_released, "released: sending goes on");
  }
  advance();
}

void Dispatcher::restore_masses(MassState before) {
  kept_masses_ = before;
  scheduler_.restore_masses(before);
}

void Dispatcher::release_masses() {
  const std::size_t released = scheduler_.release_masses();
  if (released != 0)
    parts_.log.info(event::lane_released, "released: the new pairs that waited for it are sent",
                    {{"pairs", released}});
  advance();
}

void Dispatcher::on_ledger_changed() {
  scheduler_.set_ledger_well(parts_.ledger.is_healthy());
  advance();
}

void Dispatcher::publish_backlog(const std::vector<std::int64_t>& jobs) {
  results_.publisher.publish_backlog(jobs);
}

void Dispatcher::stop_sending() {
  scheduler_.close();
  timer_.cancel();
  rests_.stop();
  attempts_.stop();
}

DispatchCounts Dispatcher::counts() const {
  DispatchCounts out;
  static_cast<EndedJobs&>(out) = log_.ended();
  out.waiting = scheduler_.waiting();
  out.in_flight = scheduler_.lane().in_flight();
  out.half_replaced = upkeep_.half_replaced();
  out.unpublished = results_.writer.unwritten();
  return out;
}

void Dispatcher::on_pair_ready(ReadyPair pair) {
  upkeep_.note_ready(pair.job);
  scheduler_.on_ready(pair, steady_now());
  advance();
}

void Dispatcher::on_pair_settled(const JobName& job, const Recognition& recognition) {
  if (!is_said(recognition) && !scheduler_.contains(job)) say_known(job, recognition);
}

void Dispatcher::on_pair_gone(const JobName& job) {
  upkeep_.note_gone(job);
  scheduler_.on_gone(job);
  if (!scheduler_.contains(job)) results_.pending.erase(job);
  advance();
}

void Dispatcher::on_pair_bad(const JobName& job, std::string reason) {
  if (scheduler_.contains(job)) return;
  results_.error_files.note_bad(job, std::move(reason));
  scheduler_.on_bad(job);
  advance();
}

void Dispatcher::on_scan_done() {
  progress_.note_scan();
  scheduler_.on_scanned();
  if (!attempts_.is_stopped()) results_.publisher.retry_undeliverable();
  advance();
}

void Dispatcher::on_all_found() {
  scheduler_.on_all_found();
  advance();
}

/// Whatever has happened: what follows from it is decided, and done.
void Dispatcher::advance() {
  if (is_advancing_) return;  // from within an action: the loop below goes on
  {
    const WhileTrue advancing(is_advancing_);
    scheduler_.pump(steady_now());
    for (auto actions = scheduler_.take_actions(); !actions.empty(); actions = scheduler_.take_actions()) {
      for (Action& action : actions) carry_out(std::move(action));
      scheduler_.pump(steady_now());
    }
  }
  if (!attempts_.is_stopped()) timer_.set_to(scheduler_.wake_at());
  log_.note_block_reason(scheduler_.block_reason());
  note_masses();
  if (on_change_) on_change_();
}

void Dispatcher::carry_out(Action action) {
  switch (action.kind) {
    case Action::Kind::look_up:
      return lookup_.ask(std::move(action.pair));
    case Action::Kind::start:
      results_.error_files.note_started(action.pair.job);
      return tasks_.spawn("submit a pair", run_job(std::move(action)));
    case Action::Kind::record:
      return tasks_.spawn("record an attempt's end", record_end(std::move(action)));
    case Action::Kind::publish:
      return tasks_.spawn("write a result", publish(std::move(action)));
    case Action::Kind::move_result:
      return tasks_.spawn("take a result along", move_result(std::move(action)));
    case Action::Kind::choose:
      return tasks_.spawn("choose a pair to ask with", choose(std::move(action)));
    case Action::Kind::withdraw:
      return results_.error_files.withdraw(action.pair.job);
    case Action::Kind::say_known:
      return say_known(action.pair.job, *action.recognition);
    case Action::Kind::say_busy:
      return log_.log_busy(action.pair.job);
    case Action::Kind::forget:
      results_.pending.erase(action.pair.job);
      attempts_.commit_state().marks.forget(action.pair.job);
      return intake_->forget(action.pair.job);
    case Action::Kind::look_again:
      results_.pending.erase(action.pair.job);
      intake_->look_again(action.pair.job);
      return results_.error_files.note_written(action.pair.job);
  }
}

void Dispatcher::on_pair_under_result(ReadyPair pair) {
  if (!scheduler_.contains(pair.job)) upkeep_.note_under_result(std::move(pair));
}

void Dispatcher::on_looked_up(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition) {
  if (recognition && recognition->known) upkeep_.note_known(pair, *recognition);
  const milliseconds repeat_in = time_until_repeat(recognition.get());
  scheduler_.on_looked_up(pair, std::move(recognition), repeat_in, steady_now());
}

void Dispatcher::say_known(const JobName& job, const Recognition& recognition) {
  log_.log_known(job, recognition);
  parts_.ledger.post([job = recognition.known->id, mark = mark_of(recognition)](LedgerStore& store) {
    store.mark_said(job, mark);
  });
}

/// Pairs that wait for a person's word are said, and it is kept that there are some.
void Dispatcher::note_masses() {
  if (scheduler_.mass_state() != kept_masses_) {
    kept_masses_ = scheduler_.mass_state();
    parts_.ledger.post([state = kept_masses_](LedgerStore& store) { store.set_mass_state(state); });
  }
  log_.log_masses(scheduler_.take_mass_news());
}

}  // namespace reeld
