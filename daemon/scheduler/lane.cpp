#include "scheduler/lane.hpp"

#include <algorithm>

#include "core/backoff.hpp"

namespace reeld {
namespace {

constexpr milliseconds max_doubt_pause = std::chrono::minutes(30);
constexpr std::uint32_t doubts_that_pause = 3;
constexpr auto day = std::chrono::hours(24);

}  // namespace

std::string_view word_of(Pause pause) {
  switch (pause) {
    case Pause::none:
      return "none";
    case Pause::unsent:
      return "unsent";
    case Pause::throttled:
      return "throttled";
    case Pause::refused:
      return "refused";
    case Pause::account:
      return "account";
    case Pause::doubt:
      break;
  }
  return "doubt";
}

std::string_view word_of(BlockReason block_reason) {
  switch (block_reason) {
    case BlockReason::none:
      return "none";
    case BlockReason::pause:
      return "pause";
    case BlockReason::concurrency:
      return "concurrency";
    case BlockReason::per_minute:
      return "per_minute";
    case BlockReason::per_day:
      break;
  }
  return "per_day";
}

LaneAnswer Lane::ask(SteadyTime now) {
  LaneAnswer answer;
  if (must_wait(answer, now)) return answer;
  if (in_flight_ >= limit_) return {false, std::nullopt, BlockReason::concurrency};
  return ask_rates(now);
}

LaneAnswer Lane::ask_for_proof(SteadyTime now) {
  LaneAnswer answer;
  if (must_wait(answer, now)) return answer;
  if (in_flight_ >= limits_.concurrency) return {false, std::nullopt, BlockReason::concurrency};
  return ask_rates(now);
}

/// For a pause. Once that is over, one request decides.
bool Lane::must_wait(LaneAnswer& answer, SteadyTime now) {
  if (pause_ == Pause::none) return false;
  answer = {false, until_, BlockReason::pause};
  if (now < until_) return true;
  if (!is_probing_) begin_probe();
  return false;
}

LaneAnswer Lane::ask_rates(SteadyTime now) {
  if (const auto refusal = ask_day(now)) return *refusal;
  return ask_rate(now);
}

/// What is under way is reserved: each may yet be paid for.
std::optional<LaneAnswer> Lane::ask_day(SteadyTime now) {
  while (!spent_.empty() && spent_.front() <= now - day) spent_.pop_front();
  if (limits_.per_day == 0 || spent_.size() + in_flight_ < limits_.per_day) return std::nullopt;
  if (spent_.empty()) return LaneAnswer{false, std::nullopt, BlockReason::concurrency};
  return LaneAnswer{false, spent_.front() + day, BlockReason::per_day};
}

LaneAnswer Lane::ask_rate(SteadyTime now) {
  if (limits_.per_minute == 0) return {true, std::nullopt, BlockReason::none};
  const SteadyTime minute_ago = now - std::chrono::minutes(1);
  while (!starts_.empty() && starts_.front() <= minute_ago) starts_.pop_front();
  if (starts_.size() < limits_.per_minute) return {true, std::nullopt, BlockReason::none};
  return {false, starts_[starts_.size() - limits_.per_minute] + std::chrono::minutes(1),
          BlockReason::per_minute};
}

std::uint64_t Lane::on_started(SteadyTime now) {
  ++in_flight_;
  if (limits_.per_minute != 0) starts_.push_back(now);
  return next_ticket_++;
}

LaneTransition Lane::on_ended(std::uint64_t ticket, Verdict verdict, std::optional<milliseconds> asked,
                              SteadyTime now, double jitter) {
  decrease(in_flight_, "every attempt that ends was begun");
  // One push-back speaks for all that were under way when it came: a burst of sixteen 429 halves the limit
  // once.
  const bool is_first_of_burst = ticket > settled_ticket_;
  if (verdict != Verdict::doubt && verdict != Verdict::unsent) doubts_ = 0;
  if (verdict == Verdict::accepted || verdict == Verdict::doubt) spent_.push_back(now);
  if (ticket < since_) return {};
  switch (verdict) {
    case Verdict::accepted:
      return on_accepted(ticket);
    case Verdict::refused:
      // The API is well, and it was this pair's own fault: the lane neither widens nor waits.
      consecutive_pushbacks_ = 0;
      return end_pause(ticket);
    case Verdict::throttled: {
      const bool is_wait_asked = asked && *asked > milliseconds(0);  // "now" would be a hot loop
      if (!is_first_of_burst && !is_wait_asked) return {};
      const milliseconds wait =
          is_wait_asked ? std::min(*asked, limits_.backoff_max) : pause_after_pushback(jitter);
      if (is_first_of_burst) shrink();
      return begin_pause(Pause::throttled, wait, now);
    }
    case Verdict::account:
      if (!is_first_of_burst && pause_ == Pause::account) return {};
      return pause_for_account(Pause::account, now);
    case Verdict::unsent:
      if (!is_first_of_burst) return {};
      shrink();
      return begin_pause(Pause::unsent, pause_after_pushback(jitter), now);
    case Verdict::doubt:
      break;
  }
  if (is_first_of_burst) shrink();
  if (++doubts_ < doubts_that_pause && !(pause_ == Pause::doubt && is_probe(ticket))) return {};
  const milliseconds wait = back_off(limits_.doubt_pause, doubt_pauses_, max_doubt_pause);
  if (pause_ == Pause::doubt && !is_probe(ticket)) return {};  // paused already: these were under way before
  ++doubt_pauses_;
  return begin_pause(Pause::doubt, wait, now);
}

LaneTransition Lane::on_unproven(std::uint64_t ticket) {
  decrease(in_flight_, "every attempt that ends was begun");
  doubts_ = 0;
  if (ticket < since_) return {};
  consecutive_pushbacks_ = 0;  // it was read, and answered
  return end_pause(ticket);
}

LaneTransition Lane::on_wall(std::uint64_t ticket, Pause pause, SteadyTime now) {
  decrease(in_flight_, "every attempt that ends was begun");
  doubts_ = 0;
  if (ticket < since_) return {};
  return pause_for_account(pause, now);
}

LaneTransition Lane::pause_for_account(Pause pause, SteadyTime now) {
  limit_ = 1;
  settled_ticket_ = next_ticket_ - 1;
  return begin_pause(pause, limits_.account_retry, now);
}

LaneTransition Lane::on_accepted(std::uint64_t ticket) {
  consecutive_pushbacks_ = 0;
  doubt_pauses_ = 0;
  const LaneTransition change = end_pause(ticket);
  if (pause_ == Pause::none) limit_ = std::min(limit_ + 1, limits_.concurrency);
  return change;
}

/// An answer that came while a pause lasts is of an attempt that began before it: only the probe's own ends
/// it.
LaneTransition Lane::end_pause(std::uint64_t ticket) {
  if (pause_ == Pause::none || !is_probe(ticket)) return {};
  const LaneTransition change{LaneTransition::Kind::resumed, pause_, milliseconds(0)};
  pause_ = Pause::none;
  is_probing_ = false;
  return change;
}

LaneTransition Lane::begin_pause(Pause pause, milliseconds wait, SteadyTime now) {
  const bool is_graver = pause >= pause_;  // the enumerators stand in the order of gravity
  const bool is_new = pause_ == Pause::none || (is_graver && pause != pause_);
  if (pause_ == Pause::none || is_graver) {
    until_ = pause == pause_ && !is_probing_ ? std::max(until_, now + wait) : now + wait;
    pause_ = pause;
  } else {
    until_ = std::max(until_, now + wait);
  }
  is_probing_ = false;
  if (!is_new) return {};  // the same trouble goes on: said once
  return {LaneTransition::Kind::paused, pause, wait};
}

milliseconds Lane::pause_after_pushback(double jitter) {
  return spread(back_off(limits_.backoff_min, consecutive_pushbacks_++, limits_.backoff_max), jitter);
}

void Lane::shrink() {
  limit_ = std::max<std::uint32_t>(1, limit_ / 2);
  settled_ticket_ = next_ticket_ - 1;
}

void Lane::probe_now() {
  limit_ = 1;
  consecutive_pushbacks_ = 0;
  since_ = next_ticket_;
  if (pause_ == Pause::none) return;
  until_ = SteadyTime::min();
  begin_probe();
}

/// The next attempt to start decides, and none that is under way already.
void Lane::begin_probe() {
  is_probing_ = true;
  probe_ticket_ = next_ticket_;
  limit_ = 1;
}

void Lane::change_limits(LaneLimits limits) {
  limits_ = limits;
  limit_ = std::min(limit_, std::max<std::uint32_t>(1, limits.concurrency));
  if (limits_.per_minute == 0) starts_.clear();
}

std::size_t Lane::spent_within_day(SteadyTime now) const {
  return static_cast<std::size_t>(spent_.end() - std::upper_bound(spent_.begin(), spent_.end(), now - day));
}

std::optional<SteadyTime> Lane::paused_until() const {
  if (pause_ == Pause::none) return std::nullopt;
  return until_;
}

}  // namespace reeld
