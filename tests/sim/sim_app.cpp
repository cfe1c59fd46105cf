#include "sim/sim_app.hpp"

#include "core/recovery.hpp"
#include "core/said_known.hpp"

namespace reeld::sim {
void SimApp::later(milliseconds delay, std::function<void()> action) {
  ++busy_;
  out_.timeline.after(delay, [self = shared_from_this(), action = std::move(action)] {
    --self->busy_;
    if (!self->is_dead_) action();
  });
}

void SimApp::start() {
  settle_open_intents();
  const SystemTime day_ago = out_.timeline.date() - std::chrono::hours(24);
  for (const SystemTime at : out_.ledger.store().reader().list_billable_since(day_ago))
    scheduler_.count_toward_daily_cap(out_.timeline.now() - (out_.timeline.date() - at));
  scheduler_.set_held(out_.ledger.store().reader().is_held());
  if (out_.mutation.has(Guard::unpublished_results)) {
    for (const std::int64_t job : out_.ledger.store().reader().list_unpublished()) write_unpublished(job);
  }
  look_everywhere();
}

/// An open intent's end, as its folder tells it.
EndRecord SimApp::settle(const JobRecord& record) {
  const auto folder = find_folder_of(record);
  const Spool::Place place{folder.value_or(0), record.job.name.stem};
  const Stem* const stem = out_.spool.find(place);
  OpenIntentFacts facts;
  facts.has_answer = stem != nullptr && stem->results.contains(ResultKind::job);
  facts.is_of_another =
      facts.has_answer && out_.ledger.store().reader().knows_answer(stem->results.at(ResultKind::job).text);
  facts.has_refusal = is_told(place, record);
  facts.was_in_doubt = record.job.repeat_at.has_value();
  facts.repeats_doubts = out_.rules.repeats_doubts;
  EndRecord end;
  end.token = record.intent.token;
  end.at = out_.timeline.date();
  end.verdict = Verdict::doubt;
  switch (decide_repair(facts)) {
    case Repair::accept:
      end.verdict = Verdict::accepted;
      end.answer = end.api_id = stem->results.at(ResultKind::job).text;
      break;
    case Repair::refuse:
      end.verdict = Verdict::refused;
      // Of a job that was created its error file names the id.
      end.api_id = stem->results.at(ResultKind::error).text;
      end.http_status = end.api_id.empty() ? 400 : 200;
      break;
    case Repair::repeat:
      end.repeat_at = end.at + out_.limits.doubt_pause;
      break;
    case Repair::finalize:
      break;
  }
  return end;
}

/// An error file beside the very files that were sent.
bool SimApp::is_told(const Spool::Place& place, const JobRecord& record) const {
  const Stem* const stem = out_.spool.find(place);
  return stem != nullptr && stem->results.contains(ResultKind::error) && holds_pair(place, record.job.pair);
}

void SimApp::settle_open_intents() {
  if (!out_.mutation.has(Guard::recovery_of_intents)) return;
  LedgerStore& store = out_.ledger.store();
  store.begin();
  for (const std::int64_t job : store.reader().list_open()) {
    const EndRecord end = settle(*store.reader().read(job));
    store.end_attempt(end);
    if (end.verdict == Verdict::doubt) out_.on_doubt(job);
  }
  for (const std::int64_t job : store.reader().list_unpublished_refusals()) {
    const auto record = store.reader().read(job);
    const auto folder = find_folder_at(*record);
    if (!folder || !is_told({*folder, record->job.name.stem}, *record)) continue;
    store.mark_published(job);
    out_.on_told(job);
  }
  for (const std::int64_t job : store.reader().list_doubts()) {
    const auto record = store.reader().read(job);
    if (!record->job.repeat_at) continue;
    const auto folder = find_folder_at(*record);
    const bool is_there = folder && holds_pair({*folder, record->job.name.stem}, record->job.pair);
    if (!out_.rules.repeats_doubts || !is_there) store.finalize_doubt(job);
  }
  store.commit();
}

void SimApp::look(const Spool::Place& place) {
  if (is_dead_) return;
  const JobName name = out_.spool.name_of(place);
  const auto ready = out_.spool.find_ready(place);
  const auto told = told_.find(name);
  const bool is_told = told != told_.end();
  if (is_told && (!ready || ready->identity != told->second)) {
    told_.erase(name);
    scheduler_.on_gone(name);
  }
  if (ready && !told_.contains(name)) {
    told_.emplace(name, ready->identity);
    scheduler_.on_ready(*ready, out_.timeline.now());
  }
  advance();
}

void SimApp::look_everywhere() {
  if (is_dead_) return;
  std::vector<JobName> gone;
  for (const auto& [name, identity] : told_) {
    const auto place = out_.spool.place_of(name);
    if (!place || out_.spool.find(*place) == nullptr) gone.push_back(name);
  }
  for (const JobName& name : gone) {
    told_.erase(name);
    scheduler_.on_gone(name);
  }
  std::vector<Spool::Place> places;
  for (const auto& [place, stem] : out_.spool.stems()) places.push_back(place);
  for (const Spool::Place& place : places) look(place);
  // A folder that was taken away may be back.
  for (const std::int64_t job : std::set(undeliverable_)) write_unpublished(job);
}

void SimApp::look_again(const Spool::Place& place) {
  told_.erase(out_.spool.name_of(place));
  look(place);
}

void SimApp::advance() {
  if (is_dead_) return;
  if (std::exchange(is_advancing_, true)) return;
  scheduler_.pump(out_.timeline.now());
  for (auto actions = scheduler_.take_actions(); !actions.empty(); actions = scheduler_.take_actions()) {
    for (const Action& action : actions) carry_out(action);
    scheduler_.pump(out_.timeline.now());
  }
  is_advancing_ = false;
  if (const auto wake = scheduler_.wake_at()) {
    out_.timeline.at(*wake, [self = shared_from_this()] {
      if (!self->is_dead_ && self->scheduler_.wake_at() &&
          *self->scheduler_.wake_at() <= self->out_.timeline.now())
        self->advance();
    });
  }
}

void SimApp::carry_out(const Action& action) {
  out_.trace("order " + std::to_string(static_cast<int>(action.kind)) + " for " + action.pair.job.text());
  switch (action.kind) {
    case Action::Kind::look_up:
      return look_up(action);
    case Action::Kind::start:
      return begin(action);
    case Action::Kind::record:
      return record(action);
    case Action::Kind::publish:
      return publish(action);
    case Action::Kind::move_result:
      return move_result(action);
    case Action::Kind::say_known:
      return post([job = action.known()->id, mark = mark_of(*action.recognition)](LedgerStore& store) {
        store.mark_said(job, mark);
      });
    case Action::Kind::choose:
      return choose(action);
    case Action::Kind::withdraw:
      return withdraw(action.pair.job);
    case Action::Kind::say_busy:
      return;
    case Action::Kind::forget:
      pending_results_.erase(action.pair.job);
      return;
    case Action::Kind::look_again:
      pending_results_.erase(action.pair.job);
      told_.erase(action.pair.job);
      later(milliseconds(1), [this, job = action.pair.job] {
        if (const auto place = out_.spool.place_of(job)) look(*place);
      });
  }
}

/// Prompts are read for that, which takes its time.
void SimApp::choose(const Action& action) {
  const JobName chosen = action.candidates.at(out_.dice.roll(action.candidates.size())).job;
  later(out_.dice.between(0, 20), [this, chosen] {
    scheduler_.on_chosen(chosen, out_.timeline.now());
    advance();
  });
}

/// One that is still on its way goes when it is there.
void SimApp::withdraw(const JobName& job) {
  if (scheduler_.contains(job)) return later(retry_pause, [this, job] { withdraw(job); });
  later(out_.dice.between(0, 20), [this, job] {
    const auto place = out_.spool.place_of(job);
    Stem* const stem = place ? out_.spool.find(*place) : nullptr;
    if (stem == nullptr || stem->results.erase(ResultKind::error) == 0) return;
    out_.trace("withdraw the error file of " + job.text());
    look_again(*place);
  });
}

void SimApp::record(const Action& action) {
  PendingResult& ending = pending_results_.at(action.pair.job);
  if (action.verdict == Verdict::account || action.verdict == Verdict::refused)
    ending.end.verdict = action.verdict;
  if (action.verdict == Verdict::doubt && action.is_repeat)
    ending.end.repeat_at = out_.timeline.date() + out_.limits.doubt_pause;
  const JobName name = action.pair.job;
  const bool must_record = action.verdict == Verdict::unsent ? out_.mutation.has(Guard::end_of_unsent_intents)
                                                             : out_.mutation.has(Guard::record_before_forget);
  SimLedger::Run run = [job = ending.job, end = ending.end, must_record, on_doubt = out_.on_doubt,
                        on_refused = out_.on_refused](LedgerStore& store) {
    if (!must_record) return;
    store.end_attempt(end);
    if (end.verdict == Verdict::doubt) on_doubt(job);
    // It may be written anew after a failure that was none, and its error file have been there meanwhile.
    const auto after = store.reader().read(job);  // nothing, where a mutation sent before the intent
    if (after && after->job.state == LedgerState::refused && !after->job.is_published) on_refused(job);
  };
  if (ending.late) run = make_late_record(ending);
  submit_kept(run, [this, name] {
    scheduler_.on_recorded(name, out_.timeline.now());
    drop_folder_of_waiting(name);
    advance();
  });
}

/// What waits is opened anew when its turn comes.
void SimApp::drop_folder_of_waiting(const JobName& name) {
  const JobStage stage = scheduler_.stage_of(name);
  const auto ending = pending_results_.find(name);
  if (ending != pending_results_.end() &&
      (stage == JobStage::waiting || stage == JobStage::parked || stage == JobStage::suspected))
    ending->second.open_folder.reset();
}

/// What cannot be written now is written later; `done` does not wait for that.
void SimApp::submit_kept(const SimLedger::Run& run, std::function<void()> done) {
  ++busy_;
  submit(run, nullptr, [self = shared_from_this(), run, done = std::move(done)](bool was_written) {
    --self->busy_;
    if (self->is_dead_) return;
    self->note_ledger(was_written);
    if (!was_written) self->post(run);
    done();
  });
}

/// What was posted before goes first: a mark must not come before what it marks.
void SimApp::submit(SimLedger::Run run, SimLedger::Run undo, SimLedger::Done done) {
  flush();
  out_.ledger.submit(std::move(run), std::move(undo), std::move(done));
}

/// Until it is written.
void SimApp::post(SimLedger::Run run) {
  ++busy_;
  unwritten_.push_back(std::move(run));
  flush();
}

void SimApp::flush() {
  if (unwritten_.empty()) return;
  const auto all = std::make_shared<std::vector<SimLedger::Run>>(std::exchange(unwritten_, {}));
  const auto run = [all](LedgerStore& store) {
    for (const auto& one : *all) one(store);
  };
  out_.ledger.submit(run, nullptr, [self = shared_from_this(), all](bool was_written) {
    if (was_written) self->busy_ -= all->size();
    if (self->is_dead_) return;
    if (!was_written) {
      self->unwritten_.insert(self->unwritten_.begin(), all->begin(), all->end());
      self->later(retry_pause, [self] { self->flush(); });
    }
    self->note_ledger(was_written);
  });
}

void SimApp::note_ledger(bool is_healthy) {
  scheduler_.set_ledger_well(is_healthy);
  if (!is_healthy) later(retry_pause, [this] { post([](LedgerStore& store) { store.raise_generation(); }); });
  advance();
}

}  // namespace reeld::sim
