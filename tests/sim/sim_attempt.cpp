// One attempt of the simulated reeld: snapshot, upload, intent, gate, boundary, answer.

#include "sim/sim_app.hpp"

namespace reeld::sim {

namespace {

constexpr milliseconds max_tick{20};
constexpr milliseconds max_coarse_tick{1020};

}  // namespace

Recognition find_known(LedgerStore& store, const IntentRecord& intent) {
  FoundPair pair;
  pair.name = intent.job;
  pair.stamps = intent.pair;
  pair.digests = intent.digests;
  return store.reader().find(pair, intent.originals);
}

bool is_barred(const Recognition& found, const IntentRecord& intent) {
  const bool is_due_repeat = intent.is_repeat && found.disposition == Disposition::repeat;
  return found.disposition != Disposition::send && !is_due_repeat;
}

const Stem* SimApp::find_sent(const Attempt& attempt) const {
  const Stem* const stem = out_.spool.find({attempt.folder, attempt.intent.job.stem});
  return stem != nullptr && stem->is_pair() ? stem : nullptr;
}

/// Opens both files and reads the prompt; false where they are no longer what was found ready.
bool SimApp::snap(Attempt& attempt) {
  const Stem* const stem = find_sent(attempt);
  if (stem == nullptr) return false;
  IntentRecord& intent = attempt.intent;
  intent.pair = out_.spool.stamps_of(*stem);
  const PairIdentity& expected = attempt.action.pair.identity;
  if (!may_be_touched_only(intent.pair.prompt, expected.prompt) ||
      !may_be_touched_only(intent.pair.image, expected.image))
    return false;
  attempt.open = out_.spool.hold_open(*stem);
  attempt.image = stem->image;
  attempt.sent = stem->contents();
  intent.proof = {is_proof(intent.pair.prompt, out_.timeline.date()),
                  is_proof(intent.pair.image, out_.timeline.date())};
  if (attempt.action.recognition) intent.originals = attempt.action.recognition->originals;
  intent.folder = out_.spool.identity_of(attempt.folder);
  return true;
}

bool SimApp::is_proof(const FileIdentity& stamp, SystemTime looked_at) const {
  if (out_.mutation.has(Guard::proof_needs_age)) return out_.spool.is_proof(stamp, looked_at);
  const milliseconds age = 2 * (out_.spool.kind().is_coarse() ? max_coarse_tick : max_tick);
  return out_.spool.is_proof(stamp, looked_at + age);
}

void SimApp::begin(const Action& action) {
  later(out_.dice.between(0, 10), [this, action] {
    auto attempt = std::make_shared<Attempt>();
    attempt->action = action;
    attempt->intent.token = std::to_string(start_) + "-" + std::to_string(++tokens_);
    attempt->intent.job = action.pair.job;
    attempt->intent.is_repeat = action.is_repeat;
    attempt->intent.at = out_.timeline.date();
    const auto place = out_.spool.place_of(action.pair.job);
    attempt->folder = place ? place->folder : 0;
    attempt->intent.prompt_name = action.pair.prompt_name;
    attempt->intent.image_name = action.pair.image_name;
    AttemptOutcome outcome;
    if (!snap(*attempt) || (action.is_repeat && !is_due(action.pair))) return end(attempt, outcome, {}, {});
    outcome.kind = AttemptOutcome::Kind::failed;
    if (!out_.server.is_healthy() && out_.dice.chance(2)) return end(attempt, outcome, {}, {});
    upload(attempt);
  });
}

/// Whether the ledger still has it as a doubt to be repeated.
bool SimApp::is_due(const ReadyPair& pair) {
  const auto found = recognize(pair, true);
  if (!found->known) return false;
  const auto record = out_.ledger.store().reader().read(found->known->id);
  return record->job.state == LedgerState::doubt && record->job.repeat_at;
}

void SimApp::upload(const AttemptPtr& attempt) {
  const milliseconds whole = out_.dice.between(5, 3'000);
  if (const auto interrupted = out_.server.interrupt()) {
    const bool was_near_its_end = out_.dice.chance(50);
    if (was_near_its_end) later(whole / 2, [this, attempt] { record_intent(attempt, true); });
    later(whole, [this, attempt, answer = *interrupted, was_near_its_end] {
      attempt->interruption = answer;
      if (answer.is_early_success) hear_early_success(*attempt);
      if (!was_near_its_end || attempt->is_recorded) interrupt(attempt);
    });
    return;
  }
  later(whole / 2, [this, attempt] { record_intent(attempt, true); });
  later(whole, [this, attempt] {
    attempt->is_uploaded = true;
    pass_gate(attempt);
  });
}

/// A reply or a failure before the gate. The intent may stand in the ledger all the same.
void SimApp::interrupt(const AttemptPtr& attempt) {
  if (attempt->interruption->is_early_success) return take_early_success(attempt);
  AttemptEnd how;
  how.reply = attempt->interruption->reply;
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::judged;
  outcome.has_sent_body = true;
  outcome.has_intent = attempt->was_recorded && !attempt->answer->known;
  end(attempt, outcome, judge(how, {}), *attempt->interruption);
}

/// Once the last byte of the image was read, from the file that is held open, wherever it is by now; or where
/// an early success makes it due.
void SimApp::record_intent(const AttemptPtr& attempt, bool is_image_read) {
  attempt->sent.image = attempt->image->content;
  if (out_.mutation.has(Guard::digest_in_intent)) {
    attempt->intent.digests.prompt = digest_of(attempt->sent.prompt);
    if (is_image_read) attempt->intent.digests.image = digest_of(attempt->sent.image);
  }
  submit_intent(attempt);
}

void SimApp::submit_intent(const AttemptPtr& attempt) {
  attempt->answer = std::make_shared<IntentAnswer>();
  const Spool::Place place{attempt->folder, attempt->intent.job.stem};
  auto run = [answer = attempt->answer, intent = attempt->intent, mutation = out_.mutation,
              sent = attempt->sent, place, on_intent = out_.on_intent,
              on_beside = out_.on_beside](LedgerStore& store) {
    const Recognition found = find_known(store, intent);
    const auto& known = found.known;
    if (intent.is_answered && is_barred(found, intent)) on_beside(sent);
    // Without the guard: whatever is known of the pair gives way.
    if (!mutation.has(Guard::known_before_sending) && known && !may_send(*known))
      store.reopen(known->id, intent.at);
    if (!mutation.has(Guard::untold_refusals) && known && known->state == LedgerState::refused)
      store.mark_published(known->id);
    if (!mutation.has(Guard::created_may_be_paid) && known && !known->created_id.empty())
      store.reopen(known->id, intent.at);
    *answer = store.add_intent(intent);
    if (!answer->known) on_intent(answer->job, sent, place, intent.is_repeat);
  };
  auto undo = [token = attempt->intent.token, at = attempt->intent.at](LedgerStore& store) {
    store.void_intent(token, at);
  };
  ++busy_;
  submit(run, undo, [self = shared_from_this(), attempt](bool was_written) {
    --self->busy_;
    if (self->is_dead_) return;
    attempt->is_recorded = true;
    attempt->was_recorded = was_written;
    self->note_ledger(was_written);
    if (attempt->interruption) return self->interrupt(attempt);
    self->pass_gate(attempt);
  });
}

void SimApp::pass_gate(const AttemptPtr& attempt) {
  const bool is_intent_awaited = out_.mutation.has(Guard::intent_before_boundary);
  if (attempt->is_over || !attempt->is_uploaded || (is_intent_awaited && !attempt->is_recorded)) return;
  attempt->is_over = true;
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::judged;
  outcome.has_sent_body = true;
  Judgement unsent;
  unsent.verdict = Verdict::unsent;
  if (is_intent_awaited) {
    if (!attempt->was_recorded) return end(attempt, outcome, unsent, {});
    if (attempt->answer->known) {
      outcome.kind = AttemptOutcome::Kind::stale;
      return end(attempt, outcome, unsent, {});
    }
    outcome.has_intent = true;
  }
  if (out_.mutation.has(Guard::second_look) && !look_again_at(*attempt)) {
    outcome.kind = AttemptOutcome::Kind::stale;
    return end(attempt, outcome, unsent, {});
  }
  // The last look at the connection: between intent and boundary much can still fail, for free.
  if (!out_.server.is_healthy() && out_.dice.chance(5)) return end(attempt, outcome, unsent, {});
  send_boundary(attempt);
}

/// As submit/pair_gate does: what is not as it was is read, and the same content goes on.
bool SimApp::look_again_at(Attempt& attempt) {
  const Stem* const stem = find_sent(attempt);
  if (stem == nullptr || (!stem->results.empty() && !attempt.action.is_repeat)) return false;
  IntentRecord& intent = attempt.intent;
  const PairIdentity now = out_.spool.stamps_of(*stem);
  if (now == intent.pair) return true;
  const auto is_same = [&](const SimFile& file, const FileIdentity& stamp, const FileIdentity& known,
                           Content sent) {
    if (stamp == known) return true;
    if (!out_.mutation.has(Guard::content_at_gate) && may_be_touched_only(stamp, known)) return true;
    return stamp.size == known.size && file.content == sent;
  };
  if (!is_same(*stem->prompt, now.prompt, intent.pair.prompt, attempt.sent.prompt)) return false;
  if (!is_same(*stem->image, now.image, intent.pair.image, attempt.sent.image)) return false;
  const SystemTime date = out_.timeline.date();
  if (now.prompt != intent.pair.prompt) intent.proof.prompt = is_proof(now.prompt, date);
  if (now.image != intent.pair.image) intent.proof.image = is_proof(now.image, date);
  intent.pair = now;
  const std::int64_t job = attempt.answer->job;
  if (job == 0) return true;
  out_.on_met(job, {attempt.folder, intent.job.stem});
  post([job, stamps = KnownStamps{intent.pair, intent.digests, intent.proof}](LedgerStore& store) {
    store.take_stamps(job, stamps);
  });
  return true;
}

void SimApp::send_boundary(const AttemptPtr& attempt) {
  out_.trace("boundary of " + attempt->intent.job.text() + ": " + describe(attempt->sent) + ", job " +
             std::to_string(attempt->answer->job) + (attempt->action.is_repeat ? ", again" : ""));
  // What arrives is what lay there when it was read.
  out_.on_boundary({attempt->folder, attempt->intent.job.stem}, attempt->sent, attempt->answer->job,
                   attempt->action.is_repeat);
  const ServerAnswer answer = out_.server.receive({attempt->sent, attempt->answer->job});
  later(answer.delay, [this, attempt, answer] {
    AttemptEnd how;
    how.committed = true;
    how.reply = answer.reply;
    how.cut_status = answer.cut_status;
    how.has_accepted = attempt->action.has_accepted;
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.has_sent_body = true;
    outcome.has_intent = true;
    const Judgement judgement = judge(how, {});
    const bool is_created = answer.reply && !answer.reply->id.empty();
    if (judgement.verdict != Verdict::accepted && judgement.verdict != Verdict::doubt && !is_created)
      out_.on_free(attempt->sent, attempt->action.is_repeat);
    end(attempt, outcome, judgement, answer);
  });
}

void SimApp::end(const AttemptPtr& attempt, AttemptOutcome outcome, const Judgement& judgement,
                 const ServerAnswer& answer) {
  attempt->is_over = true;
  outcome.verdict = outcome.kind == AttemptOutcome::Kind::judged ? judgement.verdict : Verdict::unsent;
  outcome.wait = judgement.wait;
  outcome.is_created = outcome.verdict == Verdict::refused && answer.reply && !answer.reply->id.empty();
  outcome.about = judgement.about;
  outcome.likeness = judgement.likeness;
  // The first intent is voided, should it turn out to have been written.
  if (attempt->is_late) {
    attempt->intent.token += "-late";
    attempt->intent.is_answered = true;
  }
  PendingResult ending;
  ending.intent = attempt->intent;
  ending.end.token = attempt->intent.token;
  ending.end.verdict = outcome.verdict;
  ending.end.at = out_.timeline.date();
  ending.end.answer = answer.body;
  if (answer.reply) {
    ending.end.api_id = answer.reply->id;
    ending.end.http_status = answer.reply->status;
  }
  ending.job = attempt->answer ? attempt->answer->job : 0;
  if (attempt->is_late) ending.late = std::make_shared<LateJob>(LateJob{0, attempt});
  if (attempt->open) ending.open_folder = attempt->folder;
  // A repeat that never came to an intent is still about the job that is in doubt.
  const JobName& name = attempt->intent.job;
  const KnownJob* const known = attempt->action.known();
  if (attempt->action.is_repeat && ending.job == 0)
    ending.job = pending_results_.contains(name) ? pending_results_.at(name).job
                 : known != nullptr              ? known->id
                                                 : 0;
  pending_results_[name] = ending;
  out_.trace("ended " + attempt->intent.job.text() + " " + std::string(word_of(outcome.verdict)));
  scheduler_.on_ended(attempt->intent.job, attempt->action.ticket, outcome, out_.timeline.now(),
                      out_.dice.fraction());
  drop_folder_of_waiting(name);
  advance();
}

}  // namespace reeld::sim
