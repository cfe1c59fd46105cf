#include "scheduler/job_scheduler.hpp"

#include <algorithm>

#include "core/backoff.hpp"
#include "core/said_known.hpp"
#include "core/verify.hpp"

namespace reeld {
namespace {

constexpr milliseconds pause_after_failure = std::chrono::seconds(1);
constexpr milliseconds max_own_pause = std::chrono::seconds(64);
constexpr std::uint32_t patience = 3;  // setbacks in a row, after which a pair goes to the end

}  // namespace

void JobScheduler::emit(Action::Kind kind, const Job& job) {
  Action action;
  action.kind = kind;
  action.pair = job.pair;
  action.attempt = job.attempts;
  action.ready_at = job.ready_at;
  action.verdict = job.outcome.verdict;
  action.is_repeat = kind == Action::Kind::record ? job.will_repeat : job.is_repeat;
  action.recognition = job.recognition;
  action.has_accepted = wall_.has_accepted();
  action.ruling = job.ruling;
  plan_.actions.push_back(std::move(action));
}

void JobScheduler::move(Job& job, JobStage stage) {
  verify(job.stage == JobStage::done || may_follow(job.stage, stage),
         "a job goes from stage to stage as its table says");
  if (std::exchange(job.is_reading, false)) counts_.end_reading();
  unblock(job);
  counts_.leave(job.stage);
  job.stage = stage;
  counts_.enter(stage);
}

JobScheduler::Jobs::iterator JobScheduler::find_at(const JobName& name, JobStage stage) {
  const auto it = jobs_.find(name);
  verify(it != jobs_.end() && it->second.stage == stage,
         "what has come of an action is told once, of the job that it was for");
  return it;
}

void JobScheduler::on_ready(const ReadyPair& pair, SteadyTime now) {
  const auto [it, is_new] = jobs_.try_emplace(pair.job);
  Job& job = it->second;
  switch (job.stage) {
    case JobStage::sending:
    case JobStage::recording:
    case JobStage::publishing:
      job.successor = pair;
      return;
    case JobStage::waiting:
    case JobStage::parked:
      if (!job.is_repeat) break;
      if (is_same_file(job.pair.identity, pair.identity)) {
        // A person may have settled the doubt: the ledger says whether the repeat is still to come.
        job.is_repeat = false;
        let_go(job);
        break;
      }
      job.is_gone = true;
      job.successor = pair;
      finalize_doubt(job);
      return;
    default:
      break;
  }
  queue_.remove(pair.job);
  if (job.stage == JobStage::parked) unpark(job);
  if (job.stage == JobStage::held) held_.remove(pair.job);
  if (job.stage == JobStage::suspected) wall_.forget(pair.job);
  if (pair.is_found) held_.note_found();
  job.ready_at = now;
  ask(job, pair);
}

void JobScheduler::ask(Job& job, const ReadyPair& pair) {
  forget_contents(job);
  job.pair = pair;
  job.pair.must_read = rules_.masses.holds_duplicates;
  job.requery_ledger = false;
  unblock(job);
  if (job.stage != JobStage::asked) move(job, JobStage::asked);
  emit(Action::Kind::look_up, job);
}

/// Its files are under way under another name: it is asked about again when what comes of that is known.
void JobScheduler::block(Job& job) {
  files_.wait_for(job.pair.identity, job.pair.job);
  if (std::exchange(job.is_reading, false)) counts_.end_reading();
  if (!std::exchange(job.is_blocked, true)) counts_.block();
}

void JobScheduler::unblock(Job& job) {
  if (std::exchange(job.is_blocked, false)) counts_.unblock();
}

void JobScheduler::on_looked_up(const ReadyPair& pair, std::shared_ptr<const Recognition> recognition,
                                milliseconds repeat_in, SteadyTime now) {
  const auto it = jobs_.find(pair.job);
  if (it == jobs_.end()) return;
  Job& job = it->second;
  // It may have been replaced while the ledger was asked: then that was asked too.
  if (job.stage != JobStage::asked || job.pair.identity != pair.identity) return;
  job.recognition = std::move(recognition);
  const KnownJob* const known =
      job.recognition && job.recognition->known ? &*job.recognition->known : nullptr;
  switch (job.recognition ? job.recognition->disposition : Disposition::send) {
    case Disposition::send:
      if (job.changes >= patience) return wait_for_calm(job, now);
      return admit(job);
    case Disposition::wait:
      if (files_.are_taken(pair.identity)) return block(job);
      job.requery_ledger = true;
      return park(job, now + back_off(pause_after_failure, job.failures++, max_own_pause));
    case Disposition::repeat:
      if (rules_.repeats_doubts && files_.take(pair.identity)) {
        job.owns_files = true;
        job.is_repeat = true;
        return park(job, now + repeat_in);
      }
      [[fallthrough]];
    case Disposition::move_result:
      // Its result is being written under its old name: what comes of that decides.
      if (files_.are_taken(pair.identity) && !job.owns_files) return block(job);
      if (known->state == LedgerState::refused) job.outcome.verdict = Verdict::refused;
      move(job, JobStage::publishing);
      return emit(Action::Kind::move_result, job);
    case Disposition::finish:
      break;
  }
  if (!is_said(*job.recognition)) emit(Action::Kind::say_known, job);
  finish(it);
}

void JobScheduler::on_reading(const JobName& name) {
  const auto it = jobs_.find(name);
  if (it == jobs_.end() || it->second.stage != JobStage::asked) return;
  if (!std::exchange(it->second.is_reading, true)) counts_.begin_reading();
}

/// An upload that never ends would cost its bytes again and again.
void JobScheduler::wait_for_calm(Job& job, SteadyTime now) {
  if (job.changes == patience) emit(Action::Kind::say_busy, job);
  park(job, now + back_off(pause_after_failure, job.changes - patience + 2, max_own_pause));
}

void JobScheduler::wait_turn(Job& job) {
  move(job, JobStage::waiting);
  queue_.add(job.pair.job, job.pair.age_ns);
  note_other(job);
}

void JobScheduler::park(Job& job, SteadyTime due) {
  if (job.stage != JobStage::parked) move(job, JobStage::parked);
  job.due = due;
  parked_.emplace(due, job.pair.job);
}

void JobScheduler::unpark(Job& job) {
  const auto [first, last] = parked_.equal_range(job.due);
  const auto it = std::find_if(first, last, [&](const auto& entry) { return entry.second == job.pair.job; });
  if (it != last) parked_.erase(it);
  job.own_pause = milliseconds(0);
}

void JobScheduler::unpark_due(SteadyTime now) {
  while (!parked_.empty() && parked_.begin()->first <= now) {
    Job& job = jobs_.at(parked_.begin()->second);
    parked_.erase(parked_.begin());
    job.own_pause = milliseconds(0);
    if (std::exchange(job.requery_ledger, false)) {
      ask(job, ReadyPair(job.pair));
    } else {
      wait_turn(job);
    }
  }
}

void JobScheduler::on_gone(const JobName& name) {
  const auto it = jobs_.find(name);
  if (it == jobs_.end()) return;
  Job& job = it->second;
  if (job.stage == JobStage::sending || StageCounts::is_finishing(job.stage)) {
    job.is_gone = true;
    job.successor.reset();
    return;
  }
  if (job.is_repeat) {
    job.is_gone = true;
    finalize_doubt(job);
    return;
  }
  erase(it);
}

void JobScheduler::on_bad(const JobName& name) {
  const auto [it, is_new] = jobs_.try_emplace(name);
  if (!is_new) return;
  Job& job = it->second;
  job.pair.job = name;
  job.outcome.kind = AttemptOutcome::Kind::refused;
  publish(job, Verdict::refused);
}

LaneTransition JobScheduler::on_ended(const JobName& name, std::uint64_t ticket,
                                      const AttemptOutcome& outcome, SteadyTime now, double jitter) {
  const auto it = find_at(name, JobStage::sending);
  Job& job = it->second;
  job.outcome = outcome;
  // An attempt is one try at the POST: what never came so far does not count.
  if (outcome.kind != AttemptOutcome::Kind::judged) --job.attempts;
  const LaneTransition change = settle_lane(job, ticket, now, jitter);
  const bool is_doubt = outcome.kind == AttemptOutcome::Kind::judged && outcome.verdict == Verdict::doubt;
  const bool may_repeat = is_doubt && !outcome.names_job && !job.is_repeat && !job.is_gone;
  job.will_repeat = may_repeat && rules_.repeats_doubts;
  if (outcome.has_intent) {
    move(job, JobStage::recording);
    emit(Action::Kind::record, job);
  } else {
    settle(it, now);
  }
  return change;
}

LaneTransition JobScheduler::settle_lane(Job& job, std::uint64_t ticket, SteadyTime now, double jitter) {
  const AttemptOutcome& outcome = job.outcome;
  job.own_pause = milliseconds(0);
  const bool is_stopping = !conditions_.is_open() && outcome.verdict == Verdict::unsent;
  const bool is_judged = outcome.kind == AttemptOutcome::Kind::judged && !is_stopping;
  job.ruling = Wall::Ruling::none;
  if (is_judged && !is_lone_failure(job, jitter)) return settle_wall(job, ticket, now, jitter);
  wall_.on_dropped(job.pair.job);
  lane_.on_dropped();
  return {};
}

/// Says nothing about the API: the lane is not told, and the pair waits by itself.
bool JobScheduler::is_lone_failure(Job& job, double jitter) {
  const Verdict verdict = job.outcome.verdict;
  const JobName& name = job.pair.job;
  if (verdict == Verdict::accepted || verdict == Verdict::refused || verdict == Verdict::doubt)
    lone_failures_.on_read(name);
  if (!job.outcome.is_early_5xx || !lone_failures_.on_failed(name)) return false;
  const LaneLimits& limits = lane_.limits();
  job.own_pause = lone_failures_.pause(name, limits.backoff_min, limits.backoff_max, jitter);
  return true;
}

void JobScheduler::on_recorded(const JobName& name, SteadyTime now) {
  settle(find_at(name, JobStage::recording), now);
}

/// What the end of an attempt leads to, once the ledger has it.
void JobScheduler::settle(Jobs::iterator it, SteadyTime now) {
  Job& job = it->second;
  const AttemptOutcome& outcome = job.outcome;
  const bool is_judged = outcome.kind == AttemptOutcome::Kind::judged;
  if (is_judged && outcome.verdict == Verdict::accepted) return publish(job, Verdict::accepted);
  if (job.is_repeat) return settle_repeat(it, now);
  if (is_judged && outcome.verdict == Verdict::doubt) {
    if (!job.will_repeat || job.is_gone || !rules_.repeats_doubts) return publish(job, Verdict::doubt);
    job.is_repeat = true;
    return park(job, now + lane_.limits().doubt_pause);
  }
  // What was refused is no longer there, and what has come instead is not to be stopped by it.
  if (outcome.is_created && job.is_gone) files_.note_created(job.pair.identity);
  if (outcome.kind == AttemptOutcome::Kind::stale || job.is_gone) return start_over(it);
  if (job.recheck_on_requeue && outcome.verdict != Verdict::refused) return start_over(it);
  if (outcome.kind == AttemptOutcome::Kind::failed) {
    let_go(job);
    return park_failed(job, now);
  }
  job.failures = 0;
  if (job.ruling == Wall::Ruling::suspect) {
    if (job.successor) return start_over(it);
    let_go(job);
    return move(job, JobStage::suspected);
  }
  if (job.ruling == Wall::Ruling::own && outcome.verdict != Verdict::refused) return make_own(job);
  if (outcome.verdict == Verdict::refused) return publish(job, Verdict::refused);
  put_back(job, now);
}

/// Too many open files, a disk that fails: the next pair would most likely fare no better.
void JobScheduler::park_failed(Job& job, SteadyTime now) {
  conditions_.brake_until(now + pause_after_failure);
  park(job, now + back_off(pause_after_failure, job.failures++, max_own_pause));
}

void JobScheduler::publish(Job& job, Verdict verdict) {
  job.outcome.verdict = verdict;
  move(job, JobStage::publishing);
  emit(Action::Kind::publish, job);
}

/// Back among the waiting: its place is kept, unless it may be its own fault: it fails again and again after
/// its bytes had begun to flow, or as the probe it keeps the lane paused for everybody.
void JobScheduler::put_back(Job& job, SteadyTime now) {
  // A repeat that was not sent is still the one repeat: the same files elsewhere go on waiting for it.
  if (!job.is_repeat) let_go(job);
  const AttemptOutcome& outcome = job.outcome;
  const bool is_stuck = outcome.verdict == Verdict::unsent && outcome.has_sent_body;
  const bool is_pause = outcome.verdict == Verdict::account || outcome.verdict == Verdict::throttled;
  const bool is_blocking = is_pause && job.is_probe;
  job.setbacks = is_stuck || is_blocking ? job.setbacks + 1 : 0;
  if (job.own_pause > milliseconds(0)) return park(job, now + job.own_pause);
  move(job, JobStage::waiting);
  if (job.setbacks < patience) {
    queue_.add(job.pair.job, job.pair.age_ns);
    return;
  }
  job.setbacks = 0;
  queue_.add_last(job.pair.job);
}

/// The files are no longer what was found ready: what intake has said since, or will say, counts.
void JobScheduler::start_over(Jobs::iterator it) {
  auto node = jobs_.extract(it);
  Job& job = node.mapped();
  let_go(job);
  forget_contents(job);
  move(job, JobStage::done);
  lone_failures_.forget(job.pair.job);
  wall_.forget(job.pair.job);
  if (!job.successor) return emit(Action::Kind::look_again, job);
  const auto [next, is_new] = jobs_.try_emplace(node.key());
  next->second.ready_at = job.ready_at;
  next->second.changes = job.outcome.has_sent_body ? job.changes + 1 : 0;
  ask(next->second, *job.successor);
}

void JobScheduler::on_published(const JobName& name) {
  finish(find_at(name, JobStage::publishing));
}

/// Where intake has found the pair ready anew meanwhile (files replaced, an error file removed at once), a
/// look at the folder tells whether that still holds.
void JobScheduler::finish(Jobs::iterator it) {
  auto node = jobs_.extract(it);
  Job& job = node.mapped();
  let_go(job);
  // Its copies go on waiting: its end has told nothing about them.
  twins_.remove(job.pair.job);
  held_.forget_release(job.pair.job);
  // Of an error file only a look can tell whether it is still there: removing it runs the pair again.
  const bool was_refused = job.stage == JobStage::publishing && job.outcome.verdict == Verdict::refused;
  move(job, JobStage::done);
  lone_failures_.forget(job.pair.job);
  emit(job.successor || was_refused ? Action::Kind::look_again : Action::Kind::forget, job);
}

/// Nothing is under way with these files any more: the names under which they wait are asked about anew.
void JobScheduler::let_go(Job& job) {
  if (!std::exchange(job.owns_files, false)) return;
  const PairIdentity pair = job.pair.identity;
  for (const JobName& name : files_.let_go(pair)) {
    const auto it = jobs_.find(name);
    if (it == jobs_.end() || it->second.stage != JobStage::asked ||
        !is_same_file(it->second.pair.identity, pair))
      continue;
    unblock(it->second);
    emit(Action::Kind::look_up, it->second);
  }
}

void JobScheduler::erase(Jobs::iterator it) {
  queue_.remove(it->first);
  held_.remove(it->first);
  held_.forget_release(it->first);
  forget_contents(it->second);
  if (it->second.stage == JobStage::parked) unpark(it->second);
  move(it->second, JobStage::done);
  lone_failures_.forget(it->first);
  wall_.forget(it->first);
  jobs_.erase(it);
}

void JobScheduler::drop_waiting() {
  const MassState before = held_.state();
  held_.begin_anew();
  for (auto it = jobs_.begin(); it != jobs_.end();) {
    const auto job = it++;
    const bool is_in_hand =
        job->second.stage == JobStage::sending || StageCounts::is_finishing(job->second.stage);
    // A doubt that is to be repeated is in the ledger's hands: it is not a pair that waits.
    if (job->second.is_repeat) continue;
    if (is_in_hand) {
      job->second.recheck_on_requeue = true;
    } else {
      erase(job);
    }
  }
  held_.restore(before);
}

void JobScheduler::change_rules(LaneLimits limits, SchedulerRules rules, SteadyTime now) {
  rules_ = rules;
  held_.change_rules(rules.masses);
  if (!rules_.repeats_doubts) hold_repeats();
  lane_.change_limits(limits);
  lane_.probe_now();
  size_wall_.reset();
  for (const JobName& name : wall_.reset()) rule_back(jobs_.at(name), now);
}

JobStage JobScheduler::stage_of(const JobName& job) const {
  const auto it = jobs_.find(job);
  return it == jobs_.end() ? JobStage::done : it->second.stage;
}

bool JobScheduler::is_superseded(const JobName& job) const {
  const auto it = jobs_.find(job);
  return it == jobs_.end() || it->second.is_gone || it->second.successor;
}

}  // namespace reeld
