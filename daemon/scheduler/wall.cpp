#include "scheduler/wall.hpp"

#include <algorithm>
#include <utility>

namespace reeld {
namespace {

constexpr std::size_t refusals_that_count = 3;    // in a row, of as many pairs
constexpr std::size_t refusals_of_any_kind = 6;   // in a row, while nothing was ever accepted
constexpr std::size_t refusals_after_all = 12;    // in a row, where something was
constexpr std::uint32_t answers_that_settle = 3;  // of one pair, where there is no other
constexpr milliseconds wait_for_others = std::chrono::seconds(1);
constexpr milliseconds own_for = std::chrono::hours(1);

/// As many alike as that may be about all.
bool counts_in_a_row(const WallAnswer& answer) {
  return (answer.about == About::pair || answer.about == About::pair_once) && !answer.likeness.empty();
}

}  // namespace

Wall::Outcome Wall::on_answer(const JobName& job, const WallAnswer& answer, SteadyTime now) {
  const bool is_probe = proof_ && proof_->probe == job;
  if (is_probe) proof_->probe.reset();
  is_thin_ = false;
  forget_answers(job);
  switch (answer.verdict) {
    case Verdict::accepted:
      return on_accepted(is_probe, now);
    case Verdict::refused:
      return on_refused(job, answer, is_probe, now);
    case Verdict::account:
      return on_account(job, answer, is_probe, now);
    case Verdict::throttled:
    case Verdict::unsent:
    case Verdict::doubt:
      break;
  }
  forget(job);  // it tells nothing, and waits for its turn, or for a person, like any other
  return {};
}

Wall::Outcome Wall::on_accepted(bool is_probe, SteadyTime now) {
  has_accepted_ = true;
  forget_refused();
  row_.clear();
  alone_.reset();
  Outcome out;
  // An answer to what was sent before says nothing about a wall that has come since.
  if (proof_ && (is_probe || proof_->kind.is_refusal())) {
    note_own(proof_->kind.likeness, now);
    out.own = end_proof();
  }
  return out;
}

Wall::Outcome Wall::on_refused(const JobName& job, const WallAnswer& answer, bool is_probe, SteadyTime now) {
  Outcome out;
  const bool counts = counts_in_a_row(answer);
  if (counts && (kind_of(answer) == standing_ || standing_.is_any())) {
    out.ruling = Ruling::paid;
    out.is_refusal = true;
    forget(job);
    if (answer.about == About::pair_once) return out;
    met_.insert(job);
    out.ruling = Ruling::stands;
    return out;
  }
  if (is_probe && counts && proof_->kind == kind_of(answer)) return stand(job);
  if (is_probe && counts && are_many_refused()) return stand_for_any(job, answer);
  if (is_probe) {
    out.own = end_proof(&job);
  } else {
    forget(job);
  }
  alone_.reset();
  refused_.insert(out.own.begin(), out.own.end());
  if (!counts) return out;
  note_row(job, answer, now);
  if (answer.about == About::pair) {
    refused_.insert(job);
  } else {
    ++paid_;
  }
  if (!proof_ && are_many_refused()) {
    proof_ = Proof{{About::pair, std::string(any_words)}, {job.folder, answer.fields}};
    proof_->waits_until = now + wait_for_others;
  }
  return out;
}

/// That others are refused otherwise proves little where nothing is accepted: walls may take turns, as those
/// of several servers behind one balancer do.
bool Wall::are_many_refused() const {
  return refused_.size() + paid_ >= (has_accepted_ ? refusals_after_all : refusals_of_any_kind);
}

/// Another pair was accepted where this was met: who meets it alone proves nothing, for a while.
void Wall::note_own(const std::string& likeness, SteadyTime now) {
  constexpr std::size_t most = 64;
  if (own_.size() == most) own_.clear();
  own_[likeness] = now + own_for;
}

bool Wall::is_own(const std::string& likeness, SteadyTime now) const {
  const auto found = own_.find(likeness);
  return found != own_.end() && now < found->second;
}

void Wall::forget_answers(const JobName& job) {
  refused_.erase(job);
  row_.erase(job);
  if (alone_ && alone_->job == job) alone_.reset();
}

void Wall::forget_refused() {
  refused_.clear();
  paid_ = 0;
}

/// Another pair was asked, and was refused as well, in whatever words.
Wall::Outcome Wall::stand_for_any(const JobName& job, const WallAnswer& answer) {
  const Kind any{About::pair, std::string(any_words)};
  Outcome out = stand(job, any, answer.about == About::pair_once, refused_);
  forget_refused();
  return out;
}

/// The third of its kind makes a proof, with no suspects: their error files are there.
void Wall::note_row(const JobName& job, const WallAnswer& answer, SteadyTime now) {
  if (row_kind_ != kind_of(answer)) row_.clear();
  row_kind_ = kind_of(answer);
  row_.insert(job);
  if (row_.size() < refusals_that_count || proof_) return;
  proof_ = Proof{row_kind_, {job.folder, answer.fields}};
  proof_->waits_until = now + wait_for_others;
}

Wall::Outcome Wall::on_account(const JobName& job, const WallAnswer& answer, bool is_probe, SteadyTime now) {
  Outcome out;
  if (answer.about != About::either) {
    // Key or credit: what the suspects have met may be that, too.
    if (proof_) out.back = end_proof(&job);
    met_.insert(job);
    return out;
  }
  const bool is_second = alone_ && alone_->likeness == answer.likeness;
  if (is_second && !proof_ && !has_met_before(job, answer.likeness))
    return stand_at_once(job, kind_of(answer));
  const bool is_like_it = proof_ && proof_->kind.likeness == answer.likeness;
  if (is_probe && !is_like_it && are_many_refused()) return stand_for_any(job, answer);
  if (!proof_ || proof_->kind.is_refusal()) return suspect(job, answer, now);
  if (!is_probe) {
    if (std::ranges::find(proof_->suspects, job) == proof_->suspects.end()) proof_->suspects.push_back(job);
    out.ruling = Ruling::suspect;
    return out;
  }
  if (is_like_it) return is_alone(job) ? on_alone(job, now) : stand(job);
  auto own = end_proof(&job);
  refused_.insert(own.begin(), own.end());
  out = suspect(job, answer, now);
  out.own = std::move(own);
  return out;
}

/// The only suspect, but for those that tell nothing.
bool Wall::is_alone(const JobName& job) const {
  const auto& suspects = proof_->suspects;
  return std::ranges::find(suspects, job) != suspects.end() &&
         std::ranges::none_of(suspects,
                              [&](const JobName& other) { return other != job && can_tell(other); });
}

Wall::Outcome Wall::on_alone(const JobName& job, SteadyTime now) {
  Outcome out;
  if (++proof_->answers < answers_that_settle) {
    proof_->waits_until = now + wait_for_others;
    out.ruling = Ruling::suspect;
    return out;
  }
  const std::string& likeness = proof_->kind.likeness;
  if (!is_own(likeness, now) && !has_met_before(job, likeness)) alone_ = Alone{job, likeness};
  out.back = end_proof(&job);
  out.ruling = Ruling::alone;
  return out;
}

Wall::Outcome Wall::suspect(const JobName& job, const WallAnswer& answer, SteadyTime now) {
  proof_ = Proof{{About::either, answer.likeness}, {job.folder, answer.fields}};
  proof_->suspects.push_back(job);
  proof_->waits_until = now + wait_for_others;
  Outcome out;
  out.ruling = Ruling::suspect;
  return out;
}

/// The other pair was asked before, and got its error file.
Wall::Outcome Wall::stand_at_once(const JobName& job, const Kind& kind) {
  proof_ = Proof{kind, {}};
  Outcome out = stand(job);
  is_thin_ = true;
  return out;
}

Wall::Outcome Wall::stand(const JobName& job) {
  const Kind kind = proof_->kind;
  std::set<JobName> free = kind.about == About::pair ? row_ : std::set<JobName>();
  if (alone_ && alone_->likeness == kind.likeness) free.insert(alone_->job);
  return stand(job, kind, kind.about == About::pair_once, free);
}

Wall::Outcome Wall::stand(const JobName& job, const Kind& kind, bool is_paid, const std::set<JobName>& free) {
  Outcome out;
  out.is_refusal = kind.is_refusal();
  out.ruling = is_paid ? Ruling::paid : Ruling::stands;
  out.withdrawn.assign(free.begin(), free.end());
  for (const JobName& name : out.withdrawn) refused_.erase(name);
  standing_ = kind;
  out.back = end_proof(&job);
  met_ = {out.back.begin(), out.back.end()};
  met_.insert(out.withdrawn.begin(), out.withdrawn.end());
  if (out.ruling == Ruling::stands) met_.insert(job);
  row_.clear();
  alone_.reset();
  return out;
}

std::vector<JobName> Wall::end_proof(const JobName* job) {
  std::vector<JobName> out = std::move(proof_->suspects);
  if (job != nullptr) std::erase(out, *job);
  proof_.reset();
  return out;
}

void Wall::on_dropped(const JobName& job) {
  if (proof_ && proof_->probe == job) proof_->probe.reset();
  forget(job);
}

void Wall::forget(const JobName& job) {
  if (!proof_) return;
  std::erase(proof_->suspects, job);
  if (!proof_->kind.is_refusal() && proof_->suspects.empty()) proof_.reset();
}

std::vector<JobName> Wall::reset() {
  on_resumed();
  former_.clear();
  former_met_.clear();
  row_.clear();
  alone_.reset();
  own_.clear();
  forget_refused();
  has_accepted_ = false;
  return proof_ ? end_proof() : std::vector<JobName>();
}

void Wall::on_resumed() {
  is_thin_ = false;
  if (standing_.likeness.empty()) return met_.clear();
  former_ = std::exchange(standing_, {}).likeness;
  former_met_ = std::exchange(met_, {});
}

bool Wall::can_tell(const JobName& job) const {
  return !has_met_before(job, proof_->kind.likeness);
}

bool Wall::has_met_before(const JobName& job, const std::string& likeness) const {
  return (likeness == former_ || former_ == any_words) && former_met_.contains(job);
}

void Wall::give_up() {
  proof_.reset();
  row_.clear();
  forget_refused();
}

bool Wall::on_chosen(const JobName& job) {
  if (!proof_ || !std::exchange(proof_->is_choosing, false)) return false;
  proof_->probe = job;
  return true;
}

}  // namespace reeld
