#include "submit/dispatcher.hpp"

#include <utility>

#include "async/steady_now.hpp"
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

}  // namespace

DispatchCounts& DispatchCounts::operator+=(const DispatchCounts& other) {
  accepted += other.accepted;
  refused += other.refused;
  doubt += other.doubt;
  waiting += other.waiting;
  in_flight += other.in_flight;
  unpublished += other.unpublished;
  return *this;
}

Dispatcher::Dispatcher(Parts parts, std::shared_ptr<ApiContext> context)
    : parts_(std::move(parts)),
      context_(std::move(context)),
      scheduler_(context_->settings.submit.lane, context_->settings.submit.scheduler),
      turns_(parts_.loop),
      writer_(parts_.loop, parts_.syncs, parts_.log),
      timer_(parts_.loop),
      last_progress_(steady_now()),
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
  context_->client->close_idle();
  std::erase_if(retired_contexts_, [](const std::weak_ptr<ApiContext>& older) { return older.expired(); });
  retired_contexts_.push_back(context_);
  context_ = std::move(context);
  to_withdraw_.clear();
  scheduler_.change_rules(context_->settings.submit.lane, context_->settings.submit.scheduler, steady_now());
  advance();
}

void Dispatcher::change_intake(Intake& intake) {
  intake_ = &intake;
  scheduler_.drop_waiting();
  std::erase_if(pending_results_, [this](const auto& entry) { return !scheduler_.contains(entry.first); });
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

void Dispatcher::stop_sending() {
  commit_state_.is_open = false;
  scheduler_.close();
  timer_.cancel();
  writer_.stop();
  for_each_client([](HttpClient& client) { client.abort_uncommitted(); });
}

void Dispatcher::for_each_client(const std::function<void(HttpClient&)>& action) {
  for (const std::weak_ptr<ApiContext>& older : retired_contexts_) {
    if (const auto context = older.lock()) action(*context->client);
  }
  action(*context_->client);
}

void Dispatcher::abort_all() {
  for_each_client([](HttpClient& client) { client.abort_all(); });
}

DispatchCounts Dispatcher::counts() const {
  DispatchCounts out = counts_;
  out.waiting = scheduler_.waiting();
  out.in_flight = scheduler_.lane().in_flight();
  out.unpublished = writer_.unwritten();
  return out;
}

void Dispatcher::on_pair_ready(ReadyPair pair) {
  said_under_result_.erase(pair.job);
  scheduler_.on_ready(pair, steady_now());
  advance();
}

void Dispatcher::on_pair_settled(const JobName& job, const Recognition& recognition) {
  if (!recognition.known->is_said && !scheduler_.contains(job)) say_known(job, recognition);
}

void Dispatcher::on_pair_gone(const JobName& job) {
  scheduler_.on_gone(job);
  if (!scheduler_.contains(job)) pending_results_.erase(job);
  advance();
}

void Dispatcher::on_pair_bad(const JobName& job, std::string reason) {
  if (scheduler_.contains(job)) return;
  bad_reasons_[job] = std::move(reason);
  scheduler_.on_bad(job);
  advance();
}

void Dispatcher::on_scan_done() {
  has_scanned_ = true;
  scheduler_.on_scanned();
  // A folder that was taken away may be back.
  if (commit_state_.is_open) publish_backlog({undeliverable_.begin(), undeliverable_.end()});
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
  arm_timer(scheduler_.wake_at());
  note_hindrance();
  note_masses();
  if (on_change_) on_change_();
}

void Dispatcher::carry_out(Action action) {
  switch (action.kind) {
    case Action::Kind::look_up:
      return look_up(std::move(action.pair));
    case Action::Kind::start:
      to_withdraw_.erase(action.pair.job);
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
      return withdraw(action.pair.job);
    case Action::Kind::say_known:
      return say_known(action.pair.job, *action.recognition);
    case Action::Kind::say_busy:
      return parts_.log.warning(
          event::pair_incomplete,
          "the pair changes again and again while it is sent; it waits for a while each "
          "time. Write it elsewhere, and rename it into place when it is complete",
          {{"job", action.pair.job.text()}, {"reason", "its files change during uploads"}});
    case Action::Kind::forget:
      pending_results_.erase(action.pair.job);
      commit_state_.marks.forget(action.pair.job);
      return intake_->forget(action.pair.job);
    case Action::Kind::look_again:
      pending_results_.erase(action.pair.job);
      intake_->look_again(action.pair.job);
      if (to_withdraw_.erase(action.pair.job) != 0) withdraw(action.pair.job);
      return;
  }
}

void Dispatcher::look_up(ReadyPair pair) {
  to_ask_.push_back(std::move(pair));
  if (!std::exchange(is_asking_, true)) tasks_.spawn("ask the ledger", ask_ledger());
}

void Dispatcher::say_known(const JobName& job, const Recognition& recognition) {
  const KnownJob& known = *recognition.known;
  LogFields fields{{"job", job.text()}, {"state", word_of(known.state)}};
  std::string_view message =
      "this pair was submitted before; it is not sent again. `reeld retry` sends it again";
  const std::string created =
      "the API created a job for this pair (" + known.created_id +
      "), and the job failed; the pair is not sent again. `reeld retry` sends it again, and that "
      "may cost money again";
  if (!known.created_id.empty()) {
    message = created;
    fields.emplace_back("id", known.created_id);
  }
  // Without a name: other files were sent from its place since.
  if (recognition.match == PairMatch::moved && !known.name.stem.empty()) {
    if (known.created_id.empty())
      message =
          "this pair was submitted before under another name, and its result was written there; it is not "
          "sent "
          "again. `reeld retry` sends it again";
    fields.emplace_back("was", known.name.text());
  } else if (recognition.match == PairMatch::half_replaced && known.created_id.empty()) {
    message =
        "one file of this pair was submitted before under this name, and the other was replaced since; it "
        "is not sent. `reeld retry` would";
  }
  parts_.log.warning(event::pair_known, message, std::move(fields));
  parts_.ledger.post([job = known.id](LedgerStore& store) { store.mark_said(job); });
}

void Dispatcher::arm_timer(std::optional<SteadyTime> at) {
  if (!commit_state_.is_open) return;
  const SteadyTime due = at.value_or(SteadyTime::max());
  if (due == armed_for_) return;
  armed_for_ = due;
  timer_.cancel();
  if (!at) return;
  timer_.expires_at(due);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    armed_for_ = SteadyTime::max();
    advance();
  });
}

}  // namespace reeld
