// Is it the pair, or a wall before all of them? scheduler/wall decides; here its rulings become actions.

#include <algorithm>

#include "scheduler/job_scheduler.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_candidates = 64;  // that are looked at, to find one that differs

}  // namespace

LaneTransition JobScheduler::settle_wall(Job& job, std::uint64_t ticket, SteadyTime now, double jitter) {
  AttemptOutcome& outcome = job.outcome;
  // What asks for a wait asks it of small ones, too.
  if (outcome.verdict == Verdict::throttled || outcome.verdict == Verdict::unsent)
    size_wall_.set_paused_for_size(false);
  // A repeat is in doubt whatever comes of it: nobody is asked for its sake.
  if (job.is_repeat || lane_.is_outdated(ticket)) return tell_lane(job, ticket, false, now, jitter);
  const std::uint64_t size = job.pair.identity.image.size;
  if (outcome.verdict == Verdict::accepted) size_wall_.note_accepted(size);
  WallAnswer answer{outcome.verdict, outcome.about, outcome.likeness, outcome.fields};
  // It is this one that is too large, and must not stop those that are not.
  const bool is_too_large = Wall::is_of_size(answer.likeness) && !is_taken(size);
  if (is_too_large && !wall_.is_probe(job.pair.job) && is_any_taken()) answer.about = About::pair_alone;
  const bool is_proven = wall_.stands_for(answer.likeness);
  if (is_proven && answer.about == About::either) answer.about = About::all;
  const Wall::Outcome out = wall_.on_answer(job.pair.job, answer, now);
  job.ruling = out.ruling;
  const bool stands = job.ruling == Wall::Ruling::stands || job.ruling == Wall::Ruling::paid;
  if (stands) size_wall_.set_paused_for_size(wall_.stands_for_size());
  const LaneTransition change = tell_lane(job, ticket, out.is_refusal, now, jitter);
  if (job.ruling == Wall::Ruling::alone) outcome.verdict = Verdict::refused;
  if (job.ruling == Wall::Ruling::stands) outcome.verdict = Verdict::account;
  for (const JobName& name : out.own) rule_own(jobs_.at(name));
  for (const JobName& name : out.back) rule_back(jobs_.at(name), now);
  for (const JobName& name : out.withdrawn) {
    Job refused;
    refused.pair.job = name;
    emit(Action::Kind::withdraw, refused);
  }
  return change;
}

LaneTransition JobScheduler::tell_lane(const Job& job, std::uint64_t ticket, bool is_refusal, SteadyTime now,
                                       double jitter) {
  LaneTransition change;
  switch (job.ruling) {
    case Wall::Ruling::none:
      change = lane_.on_ended(ticket, job.outcome.verdict, job.outcome.wait, now, jitter);
      break;
    case Wall::Ruling::suspect:
    case Wall::Ruling::own:
    case Wall::Ruling::alone:
      change = lane_.on_unproven(ticket);
      break;
    case Wall::Ruling::stands:
    case Wall::Ruling::paid:
      change = lane_.on_wall(ticket, is_refusal ? Pause::refused : Pause::account, now);
      break;
  }
  if (change.kind == LaneTransition::Kind::resumed) wall_.on_resumed();
  return change;
}

/// A suspect whose end is still being recorded is settled when that is done.
void JobScheduler::rule_own(Job& job) {
  const bool is_recorded = job.stage == JobStage::suspected;
  job.ruling = Wall::Ruling::own;
  if (is_recorded) make_own(job);
}

void JobScheduler::rule_back(Job& job, SteadyTime now) {
  const bool is_recorded = job.stage == JobStage::suspected;
  job.ruling = Wall::Ruling::none;
  if (is_recorded) put_back(job, now);
}

/// The ledger has it as one that may be sent again: it learns of the refusal before its file is there.
void JobScheduler::make_own(Job& job) {
  job.outcome.verdict = Verdict::refused;
  if (!job.outcome.has_intent) return publish(job, Verdict::refused);
  move(job, JobStage::recording);
  emit(Action::Kind::record, job);
}

/// One request at a time, of the pair that tells most.
void JobScheduler::pump_proof(SteadyTime now) {
  if (!wall_.is_due() || !may_send(now)) return;
  // Asked first: that costs nothing, and the answer may be the same for hours.
  if (queue_.size() != 0 && !is_granted(lane_.ask_for_proof(now))) return;
  const auto candidates = list_candidates();
  if (candidates.empty()) return ask_alone(now);
  if (!is_granted(lane_.ask_for_proof(now))) return;
  wall_.on_choosing();
  Action action;
  action.kind = Action::Kind::choose;
  action.candidates = candidates;
  action.unlike = wall_.unlike();
  plan_.actions.push_back(std::move(action));
}

/// An image that is no larger than one that was accepted is not too large, as far as is known.
bool JobScheduler::is_taken(std::uint64_t size) const {
  return wall_.has_accepted() && size_wall_.is_taken(size);
}

/// Such a one waits, or is under way.
bool JobScheduler::is_any_taken() const {
  if (!wall_.has_accepted()) return false;
  return std::ranges::any_of(jobs_, [this](const auto& entry) {
    const Job& job = entry.second;
    const bool is_to_be_sent = job.stage == JobStage::waiting || job.stage == JobStage::sending;
    return is_to_be_sent && is_taken(job.pair.identity.image.size) && !wall_.has_met(entry.first);
  });
}

/// While the lane is paused for what is too large, what is not need not wait for that to end; nor need a
/// third pair wait for what two have met.
void JobScheduler::note_other(const Job& job) {
  const bool may_differ =
      wall_.is_thin() || (wall_.stands_for_size() && is_taken(job.pair.identity.image.size));
  if (may_differ && !wall_.met().contains(job.pair.job)) size_wall_.note_other();
}

/// Not while an answer is awaited, which would then say nothing; nor where the lane has a better reason to
/// wait by now: a limit, a doubt, the key.
void JobScheduler::probe_with_other() {
  if (!size_wall_.has_other() || lane_.in_flight() != 0) return;
  size_wall_.forget_other();
  const bool is_refused = lane_.pause() == Pause::refused;
  const bool is_thin = wall_.is_thin() && (is_refused || lane_.pause() == Pause::account);
  if (is_thin || (size_wall_.is_paused_for_size() && is_refused)) lane_.probe_now();
}

/// That waits, whichever its place in the queue, and of which the condition holds.
template <class Condition>
const JobScheduler::Job* JobScheduler::find_smallest(const Condition& may_be) const {
  const Job* out = nullptr;
  for (const auto& [name, job] : jobs_) {
    if (job.stage != JobStage::waiting || job.is_repeat) continue;
    const bool is_smaller = out == nullptr || job.pair.identity.image.size < out->pair.identity.image.size;
    if (is_smaller && may_be(name)) out = &job;
  }
  return out;
}

/// While the lane is paused for pairs that are too large, a probe of one more of them would tell nothing. But
/// it may be the prompt that is: each is tried before one of them is tried again.
JobName JobScheduler::take_next() {
  const auto is_untried = [this](const JobName& name) { return !wall_.met().contains(name); };
  const Job* const smallest = wall_.stands_for_size() ? find_smallest(is_untried) : nullptr;
  if (smallest == nullptr) return *queue_.take_other_than(wall_.met());
  queue_.remove(smallest->pair.job);
  return smallest->pair.job;
}

/// Pairs that wait, and suspects but for the first, which are others, too.
std::vector<ReadyPair> JobScheduler::list_candidates() const {
  const auto can_tell = [this](const JobName& name) { return wall_.can_tell(name); };
  const Job* const smallest = wall_.is_about_size() ? find_smallest(can_tell) : nullptr;
  if (smallest != nullptr) return {smallest->pair};
  std::vector<ReadyPair> out;
  const auto add = [&](const JobName& name, JobStage stage) {
    const Job& job = jobs_.at(name);
    if (job.stage == stage && !job.is_repeat && wall_.can_tell(name)) out.push_back(job.pair);
  };
  for (const JobName& name : queue_.list(max_candidates)) add(name, JobStage::waiting);
  const auto& suspects = wall_.suspects();
  for (std::size_t i = 1; i < suspects.size() && out.empty(); ++i) add(suspects[i], JobStage::suspected);
  return out;
}

/// Others may be about to come.
void JobScheduler::ask_alone(SteadyTime now) {
  if (now < wall_.waits_until()) {
    plan_.wake_at = wall_.waits_until();
    return;
  }
  // The ledger's answer may be one of these; but not of those whose files are under way under another name.
  constexpr milliseconds max_question = std::chrono::seconds(5);
  if (counts_.asked() != 0 && now < wall_.waits_until() + max_question) {
    plan_.wake_at = wall_.waits_until() + max_question;
    return;
  }
  if (wall_.suspects().empty()) return wall_.give_up();
  const JobName name = wall_.suspects().front();
  Job& job = jobs_.at(name);
  if (job.stage != JobStage::suspected || !is_granted(lane_.ask_for_proof(now))) return;
  wall_.on_choosing();
  on_chosen(name, now);
}

void JobScheduler::on_chosen(const JobName& name, SteadyTime now) {
  if (!wall_.on_chosen(name)) return;
  const auto it = jobs_.find(name);
  const bool is_there = it != jobs_.end() && !it->second.is_repeat &&
                        (it->second.stage == JobStage::waiting || it->second.stage == JobStage::suspected);
  // Whatever has changed meanwhile, the next `pump` looks for another.
  if (!is_there || !may_send(now) || !is_granted(lane_.ask_for_proof(now))) return wall_.on_not_sent();
  Job& job = it->second;
  queue_.remove(name);
  if (job.stage == JobStage::suspected) move(job, JobStage::waiting);
  start(job, now);
}

}  // namespace reeld
