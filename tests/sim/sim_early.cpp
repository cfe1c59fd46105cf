// An early success: the API accepts before it has the whole request. As submit/attempt and submit/pair_gate
// do.

#include "sim/sim_app.hpp"

namespace reeld::sim {

void SimApp::hear_early_success(Attempt& attempt) {
  if (!attempt.answer) attempt.sent.image = attempt.image->content;
  attempt.interruption = out_.server.accept_early(attempt.sent);
  attempt.interruption->is_early_success = true;
  out_.trace("early success of " + attempt.intent.job.text() + ": " + describe(attempt.sent) +
             (attempt.action.is_repeat ? ", again" : ""));
}

/// What may be paid for gets its intent, and then its end, as after the commit point.
void SimApp::take_early_success(const AttemptPtr& attempt) {
  if (!attempt->answer || (attempt->was_recorded && attempt->answer->known)) return record_answered(attempt);
  AttemptEnd how;
  how.reply = attempt->interruption->reply;
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::judged;
  outcome.has_sent_body = true;
  attempt->is_late = !attempt->was_recorded;
  outcome.has_intent = true;
  if (!attempt->is_late) {
    note_early(*attempt, attempt->answer->job);
    complete_digest(*attempt);
  }
  end(attempt, outcome, judge(how, {}), *attempt->interruption);
}

void SimApp::note_early(const Attempt& attempt, std::int64_t job) {
  out_.server.note_job(attempt.interruption->body, job);
  out_.on_early(job, attempt.sent, attempt.action.is_repeat);
}

/// Of an image that had not been read to its end: from the file that is held open.
void SimApp::complete_digest(Attempt& attempt) {
  IntentRecord& intent = attempt.intent;
  if (intent.digests.image || out_.spool.stamp_of(*attempt.image) != intent.pair.image) return;
  intent.digests.image = digest_of(attempt.image->content);
  post([job = attempt.answer->job, stamps = KnownStamps{intent.pair, intent.digests, intent.proof}](
           LedgerStore& store) { store.take_stamps(job, stamps); });
}

/// Whatever is known of the pair.
void SimApp::record_answered(const AttemptPtr& attempt) {
  attempt->intent.is_answered = out_.mutation.has(Guard::answered_is_recorded);
  const bool was_known = attempt->answer != nullptr;
  if (was_known && !attempt->intent.is_answered) out_.on_unrecorded(*attempt->answer->known);
  attempt->is_recorded = attempt->was_recorded = false;
  if (was_known) return submit_intent(attempt);
  record_intent(attempt, false);
}

/// Intent and end together.
SimLedger::Run SimApp::make_late_record(const PendingResult& ending) {
  return [self = shared_from_this(), intent = ending.intent, end = ending.end,
          late = ending.late](LedgerStore& store) {
    // Written before, after all: nothing new to note.
    const bool is_new = late->id == 0;
    const bool is_beside = is_barred(find_known(store, intent), intent);
    late->id = store.add_intent(intent).job;
    store.end_attempt(end);
    if (!is_new) return;
    if (is_beside) self->out_.on_beside(late->attempt->sent);
    self->out_.on_intent(late->id, late->attempt->sent, {late->attempt->folder, intent.job.stem},
                         intent.is_repeat);
    self->note_early(*late->attempt, late->id);
  };
}

}  // namespace reeld::sim
