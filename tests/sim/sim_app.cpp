#include "sim/sim_app.hpp"

#include "core/recovery.hpp"

namespace reeld::sim {
namespace {

constexpr milliseconds retry_pause = std::chrono::seconds(2);

}  // namespace

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
  for (const SystemTime at : out_.ledger.store().reader().list_spent_since(day_ago))
    desk_.note_spent(out_.timeline.now() - (out_.timeline.date() - at));
  desk_.set_held(out_.ledger.store().reader().is_held());
  if (out_.mutation.has(Guard::owed_results)) {
    for (const std::int64_t job : out_.ledger.store().reader().list_owed()) {
      const auto record = out_.ledger.store().reader().read(job);
      const Spool::Folder folder = record->folder.inode;
      const bool is_doubt = record->job.state == LedgerState::doubt;
      write_result({folder, record->job.name.stem}, is_doubt ? ResultKind::doubt : ResultKind::job,
                   record->end.answer, job, [] {});
    }
  }
  look_everywhere();
}

void SimApp::settle_open_intents() {
  if (!out_.mutation.has(Guard::recovery_of_intents)) return;
  LedgerStore& store = out_.ledger.store();
  store.begin();
  for (const std::int64_t job : store.reader().list_open()) {
    const auto record = store.reader().read(job);
    const Stem* const stem = out_.spool.find({record->folder.inode, record->job.name.stem});
    OpenIntentFacts facts;
    facts.has_answer = stem != nullptr && stem->results.contains(ResultKind::job);
    facts.is_of_another =
        facts.has_answer && store.reader().knows_answer(stem->results.at(ResultKind::job).text);
    facts.has_refusal = stem != nullptr && stem->results.contains(ResultKind::error) &&
                        stem->prompt == record->job.pair.prompt && stem->image == record->job.pair.image;
    facts.was_in_doubt = record->job.repeat_at.has_value();
    facts.repeats_doubts = out_.rules.repeats_doubts;
    EndRecord end;
    end.token = record->intent.token;
    end.at = out_.timeline.date();
    end.verdict = Verdict::doubt;
    switch (decide_repair(facts)) {
      case Repair::accept:
        end.verdict = Verdict::accepted;
        end.answer = end.api_id = stem->results.at(ResultKind::job).text;
        break;
      case Repair::refuse:
        end.verdict = Verdict::refused;
        break;
      case Repair::repeat:
        end.repeat_at = end.at + out_.rules.doubt_pause;
        break;
      case Repair::hold:
        break;
    }
    store.end_attempt(end);
    if (end.verdict == Verdict::doubt) out_.on_doubt(record->job.pair);
  }
  for (const std::int64_t job : store.reader().list_untold_refusals()) {
    const auto record = store.reader().read(job);
    const Stem* const stem = out_.spool.find({record->folder.inode, record->job.name.stem});
    const bool is_told = stem != nullptr && stem->results.contains(ResultKind::error) &&
                         stem->prompt == record->job.pair.prompt && stem->image == record->job.pair.image;
    if (!is_told) continue;
    store.mark_published(job);
    out_.on_told(record->job.pair);
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
    desk_.on_gone(name);
  }
  if (ready && !told_.contains(name)) {
    told_.emplace(name, ready->identity);
    desk_.on_ready(*ready, out_.timeline.now());
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
    desk_.on_gone(name);
  }
  std::vector<Spool::Place> places;
  for (const auto& [place, stem] : out_.spool.stems()) places.push_back(place);
  for (const Spool::Place& place : places) look(place);
}

void SimApp::look_again(const Spool::Place& place) {
  told_.erase(out_.spool.name_of(place));
  look(place);
}

void SimApp::advance() {
  if (is_dead_) return;
  if (std::exchange(is_advancing_, true)) return;
  desk_.pump(out_.timeline.now());
  for (auto orders = desk_.take_orders(); !orders.empty(); orders = desk_.take_orders()) {
    for (const Order& order : orders) carry_out(order);
    desk_.pump(out_.timeline.now());
  }
  is_advancing_ = false;
  if (const auto wake = desk_.wake_at()) {
    out_.timeline.at(*wake, [self = shared_from_this()] {
      if (!self->is_dead_ && self->desk_.wake_at() && *self->desk_.wake_at() <= self->out_.timeline.now())
        self->advance();
    });
  }
}

void SimApp::carry_out(const Order& order) {
  out_.trace("order " + std::to_string(static_cast<int>(order.kind)) + " for " + order.pair.job.text());
  switch (order.kind) {
    case Order::Kind::look_up:
      return look_up(order);
    case Order::Kind::start:
      return begin(order);
    case Order::Kind::record:
      return record(order);
    case Order::Kind::publish:
      return publish(order);
    case Order::Kind::follow:
      return follow(order);
    case Order::Kind::say_known:
      return post([job = order.known()->id](LedgerStore& store) { store.mark_said(job); });
    case Order::Kind::say_busy:
      return;
    case Order::Kind::forget:
      endings_.erase(order.pair.job);
      return;
    case Order::Kind::look_again:
      endings_.erase(order.pair.job);
      told_.erase(order.pair.job);
      later(milliseconds(1), [this, job = order.pair.job] {
        if (const auto place = out_.spool.place_of(job)) look(*place);
      });
  }
}

void SimApp::look_up(const Order& order) {
  later(out_.dice.between(0, 5), [this, pair = order.pair] {
    auto found = std::make_shared<Recognition>();
    if (out_.mutation.has(Guard::known_before_sending))
      *found = out_.ledger.store().reader().find(find_pair(pair.job, pair.identity));
    const auto& known = found->known;
    if (known && known->state == LedgerState::refused && !out_.mutation.has(Guard::untold_refusals))
      found->welcome = Welcome::send;
    milliseconds wait{0};
    if (known && known->repeat_at)
      wait =
          std::max(wait, std::chrono::duration_cast<milliseconds>(*known->repeat_at - out_.timeline.date()));
    if (known && found->kinship == Kinship::moved && found->welcome == Welcome::finish)
      take_along(pair, known->id);
    desk_.on_looked_up(pair, known ? found : nullptr, wait, out_.timeline.now());
    advance();
  });
}

/// The ledger learns where a pair lies whose result was published.
void SimApp::take_along(const ReadyPair& pair, std::int64_t job) {
  const auto place = out_.spool.place_of(pair.job);
  if (!place) return;
  const NewPlace to{pair.job, {1, place->folder, 1}, pair.prompt_name, pair.image_name};
  post([job, to, at = out_.timeline.date()](LedgerStore& store) { store.move_job(job, to, at); });
}

void SimApp::record(const Order& order) {
  Ending& ending = endings_.at(order.pair.job);
  if (order.verdict == Verdict::doubt && order.is_repeat)
    ending.end.repeat_at = out_.timeline.date() + out_.rules.doubt_pause;
  const JobName name = order.pair.job;
  const bool must_record = order.verdict == Verdict::unsent ? out_.mutation.has(Guard::end_of_unsent_intents)
                                                            : out_.mutation.has(Guard::record_before_forget);
  auto run = [job = ending.job, end = ending.end, pair = ending.pair, must_record, on_doubt = out_.on_doubt,
              on_refused = out_.on_refused](LedgerStore& store) {
    if (!must_record) return;
    store.end_attempt(end);
    if (end.verdict == Verdict::doubt) on_doubt(pair);
    // It may be written anew after a failure that was none, and its error file have been there meanwhile.
    const auto after = store.reader().read(job);  // nothing, where a mutation sent before the intent
    if (after && after->job.state == LedgerState::refused && !after->job.is_published) on_refused(pair);
  };
  ++busy_;
  submit(run, nullptr, [self = shared_from_this(), name, run](bool was_written) {
    --self->busy_;
    if (self->is_dead_) return;
    self->note_ledger(was_written);
    if (!was_written) self->post(run);
    self->desk_.on_recorded(name, self->out_.timeline.now());
    self->advance();
  });
}

void SimApp::publish(const Order& order) {
  const JobName name = order.pair.job;
  const auto done = [this, name] {
    desk_.on_published(name);
    advance();
  };
  const auto ending = endings_.find(name);
  std::int64_t job = ending == endings_.end() ? 0 : ending->second.job;
  if (job == 0 && order.known() != nullptr) job = order.known()->id;
  const auto place = out_.spool.place_of(name);
  const Spool::Folder folder = ending != endings_.end() ? ending->second.folder : place ? place->folder : 0;
  if (order.verdict == Verdict::refused) {
    const auto ready = out_.spool.find_ready({folder, name.stem});
    if (desk_.is_superseded(name) || !ready || ready->identity != order.pair.identity)
      return later(milliseconds(1), done);
    return write_result({folder, name.stem}, ResultKind::error, "refused", job, done);
  }
  if (folder == 0) return later(milliseconds(1), done);  // the folder has another name: it stays owed
  const bool is_doubt = order.verdict == Verdict::doubt;
  const std::string text = ending == endings_.end() ? "" : ending->second.end.answer;
  write_result({folder, name.stem}, is_doubt ? ResultKind::doubt : ResultKind::job, text, job, done);
}

void SimApp::follow(const Order& order) {
  const JobName name = order.pair.job;
  const auto record = out_.ledger.store().reader().read(order.known()->id);
  const auto place = out_.spool.place_of(name);
  const auto done = [this, name] {
    desk_.on_published(name);
    advance();
  };
  if (!record || !place) return later(milliseconds(1), done);
  const auto run = [id = order.known()->id, name, folder = place->folder,
                    at = out_.timeline.date()](LedgerStore& store) {
    store.move_job(id, {name, {1, folder, 1}, name.stem + ".txt", name.stem + ".png"}, at);
  };
  ++busy_;
  submit(run, nullptr,
         [self = shared_from_this(), place = *place, record = *record, run, done](bool was_written) {
           --self->busy_;
           if (self->is_dead_) return;
           self->note_ledger(was_written);
           if (!was_written) self->post(run);
           const LedgerState state = record.job.state;
           if (state == LedgerState::refused) {
             const auto ready = self->out_.spool.find_ready(place);
             if (!ready || ready->identity != record.job.pair) return self->later(milliseconds(1), done);
           }
           const ResultKind kind = state == LedgerState::refused ? ResultKind::error
                                   : state == LedgerState::doubt ? ResultKind::doubt
                                                                 : ResultKind::job;
           self->write_result(place, kind, record.end.answer, record.job.id, done);
         });
}

/// Written, then synced, then marked: each a step of its own, with a disk that may be full for a while.
void SimApp::write_result(Spool::Place place, ResultKind kind, std::string text, std::int64_t job,
                          std::function<void()> done) {
  if (!out_.server.is_healthy() && out_.dice.chance(3))
    return later(retry_pause, [=, this] { write_result(place, kind, text, job, done); });
  later(out_.dice.between(0, 3), [=, this] {
    out_.trace("write the result of " + out_.spool.name_of(place).text());
    out_.spool.stems()[place].results[kind] = {text, false};
    const auto mark = [this, job] {
      if (job == 0) return;
      post([job, on_told = out_.on_told](LedgerStore& store) {
        store.mark_published(job);
        on_told(store.reader().read(job)->job.pair);
      });
    };
    if (!out_.mutation.has(Guard::sync_before_published)) mark();
    later(out_.dice.between(1, 20), [=, this] {
      auto& results = out_.spool.stems()[place].results;
      if (const auto result = results.find(kind); result != results.end()) {
        result->second.is_synced = true;
        if (kind == ResultKind::job) out_.on_shown(text);
      }
      if (out_.mutation.has(Guard::sync_before_published)) mark();
      look(place);
      done();
    });
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

void SimApp::note_ledger(bool is_well) {
  desk_.set_ledger_well(is_well);
  if (!is_well) later(retry_pause, [this] { post([](LedgerStore& store) { store.raise_generation(); }); });
  advance();
}

}  // namespace reeld::sim
