// One attempt of the simulated reeld: snapshot, upload, intent, gate, boundary, answer.

#include "sim/sim_app.hpp"

namespace reeld::sim {

bool SimApp::is_unchanged(const Attempt& attempt) const {
  const auto& stems = out_.spool.stems();
  const auto it = stems.find({attempt.folder, attempt.intent.job.stem});
  return it != stems.end() && it->second.prompt == attempt.intent.pair.prompt &&
         it->second.image == attempt.intent.pair.image;
}

void SimApp::begin(const Order& order) {
  later(out_.dice.between(0, 10), [this, order] {
    auto attempt = std::make_shared<Attempt>();
    attempt->order = order;
    attempt->intent.token = std::to_string(start_) + "-" + std::to_string(++tokens_);
    attempt->intent.job = order.pair.job;
    attempt->intent.pair = order.pair.identity;
    attempt->intent.digests = find_pair(order.pair.job, order.pair.identity).digests;
    attempt->intent.is_repeat = order.is_repeat;
    attempt->intent.at = out_.timeline.date();
    const auto place = out_.spool.place_of(order.pair.job);
    attempt->folder = place ? place->folder : 0;
    attempt->intent.folder = {1, attempt->folder, 1};
    attempt->intent.prompt_name = order.pair.prompt_name;
    attempt->intent.image_name = order.pair.image_name;
    AttemptOutcome outcome;
    if (!is_unchanged(*attempt)) return end(attempt, outcome, {}, {});
    outcome.kind = AttemptOutcome::Kind::failed;
    if (!out_.server.is_healthy() && out_.dice.chance(2)) return end(attempt, outcome, {}, {});
    upload(attempt);
  });
}

void SimApp::upload(const AttemptPtr& attempt) {
  const milliseconds whole = out_.dice.between(5, 3'000);
  if (const auto interrupted = out_.server.interrupt()) {
    const bool was_near_its_end = out_.dice.chance(50);
    if (was_near_its_end) later(whole / 2, [this, attempt] { record_intent(attempt); });
    later(whole, [this, attempt, answer = *interrupted, was_near_its_end] {
      attempt->interruption = answer;
      if (!was_near_its_end || attempt->is_recorded) interrupt(attempt);
    });
    return;
  }
  later(whole / 2, [this, attempt] { record_intent(attempt); });
  later(whole, [this, attempt] {
    attempt->is_uploaded = true;
    pass_gate(attempt);
  });
}

/// A reply or a failure before the gate. The intent may stand in the ledger all the same.
void SimApp::interrupt(const AttemptPtr& attempt) {
  AttemptEnd how;
  how.reply = attempt->interruption->reply;
  AttemptOutcome outcome;
  outcome.kind = AttemptOutcome::Kind::judged;
  outcome.has_sent_body = true;
  outcome.has_intent = attempt->was_recorded && !attempt->answer->known;
  end(attempt, outcome, judge(how, {}), *attempt->interruption);
}

void SimApp::record_intent(const AttemptPtr& attempt) {
  attempt->answer = std::make_shared<IntentAnswer>();
  auto run = [answer = attempt->answer, intent = attempt->intent,
              mutation = out_.mutation](LedgerStore& store) {
    const auto known = store.reader().find(find_pair(intent.job, intent.pair)).known;
    // Without the guard: whatever is known of the pair gives way.
    if (!mutation.has(Guard::known_before_sending) && known && !may_send(known->state))
      store.release(known->id, intent.at);
    if (!mutation.has(Guard::untold_refusals) && known && known->state == LedgerState::refused)
      store.mark_published(known->id);
    *answer = store.add_intent(intent);
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
  if (out_.mutation.has(Guard::second_look) && !is_unchanged(*attempt)) {
    outcome.kind = AttemptOutcome::Kind::stale;
    return end(attempt, outcome, unsent, {});
  }
  // The last look at the connection: between intent and boundary much can still fail, for free.
  if (!out_.server.is_healthy() && out_.dice.chance(5)) return end(attempt, outcome, unsent, {});
  send_boundary(attempt);
}

void SimApp::send_boundary(const AttemptPtr& attempt) {
  // What arrives is what lay there when it was read.
  out_.on_boundary({attempt->folder, attempt->intent.job.stem}, attempt->intent.pair,
                   attempt->order.is_repeat);
  const ServerAnswer answer = out_.server.receive(attempt->intent.pair);
  later(answer.delay, [this, attempt, answer] {
    AttemptEnd how;
    how.committed = true;
    how.reply = answer.reply;
    how.cut_status = answer.cut_status;
    AttemptOutcome outcome;
    outcome.kind = AttemptOutcome::Kind::judged;
    outcome.has_sent_body = true;
    outcome.has_intent = true;
    const Judgement judgement = judge(how, {});
    if (judgement.verdict != Verdict::accepted && judgement.verdict != Verdict::doubt)
      out_.on_free(attempt->intent.pair);
    end(attempt, outcome, judgement, answer);
  });
}

void SimApp::end(const AttemptPtr& attempt, AttemptOutcome outcome, const Judgement& judgement,
                 const ServerAnswer& answer) {
  attempt->is_over = true;
  outcome.verdict = outcome.kind == AttemptOutcome::Kind::judged ? judgement.verdict : Verdict::unsent;
  outcome.wait = judgement.wait;
  Ending ending;
  ending.pair = attempt->intent.pair;
  ending.end.token = attempt->intent.token;
  ending.end.verdict = outcome.verdict;
  ending.end.at = out_.timeline.date();
  ending.end.answer = answer.body;
  if (answer.reply) ending.end.api_id = answer.reply->id;
  ending.job = attempt->answer ? attempt->answer->job : 0;
  ending.folder = attempt->folder;
  endings_[attempt->intent.job] = ending;
  out_.trace("ended " + attempt->intent.job.text() + " " + std::string(word_of(outcome.verdict)));
  desk_.on_ended(attempt->intent.job, attempt->order.ticket, outcome, out_.timeline.now(),
                 out_.dice.fraction());
  advance();
}

}  // namespace reeld::sim
