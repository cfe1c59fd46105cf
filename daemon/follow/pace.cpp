#include "follow/pace.hpp"

#include <algorithm>
#include <utility>

#include "core/backoff.hpp"

namespace reeld {
namespace {

constexpr milliseconds least_spacing{100};
constexpr milliseconds most_spacing{15'000};
constexpr std::uint32_t troubles_that_pause = 3;
constexpr std::uint32_t accounts_that_pause = 2;

}  // namespace

PaceAnswer FollowPace::ask(SteadyTime now) const {
  if (pause_ != PaceNews::fine) {
    if (probe_) return {};
    return now < until_ ? PaceAnswer{false, until_} : PaceAnswer{true};
  }
  if (in_flight_ >= limit_) return {};
  return now < next_start_ ? PaceAnswer{false, next_start_} : PaceAnswer{true};
}

std::uint64_t FollowPace::on_started(SteadyTime now) {
  ++in_flight_;
  next_start_ = now + spacing_;
  if (pause_ != PaceNews::fine) probe_ = next_ticket_;
  return next_ticket_++;
}

PaceChange FollowPace::on_ended(std::uint64_t ticket, PaceNews news, std::optional<milliseconds> asked,
                                SteadyTime now, double jitter) {
  --in_flight_;
  const bool is_news = ticket > settled_ticket_;
  const bool is_probe = probe_ == ticket;
  if (is_probe) probe_.reset();
  switch (news) {
    case PaceNews::fine:
      return on_fine(is_probe);
    case PaceNews::throttled:
      return on_throttled(is_news, asked, now, jitter);
    case PaceNews::account:
      return is_news ? on_account(now, jitter) : PaceChange{};
    case PaceNews::trouble:
      break;
  }
  return is_news ? on_trouble(is_probe, now, jitter) : PaceChange{};
}

/// While a pause lasts, an answer to an earlier request does not end it.
PaceChange FollowPace::on_fine(bool is_probe) {
  if (pause_ != PaceNews::fine && !is_probe) return {};
  streak_ = accounts_ = troubles_ = 0;
  if (pause_ != PaceNews::fine) {
    const PaceNews before = std::exchange(pause_, PaceNews::fine);
    if (!std::exchange(is_said_, false)) return {};
    return {PaceChange::Kind::resumed, before};
  }
  limit_ = std::min(limit_ + 1, rules_.concurrency);
  spacing_ -= spacing_ / 8;
  if (spacing_ < milliseconds(10)) spacing_ = milliseconds(0);
  return {};
}

PaceChange FollowPace::on_throttled(bool is_news, std::optional<milliseconds> asked, SteadyTime now,
                                    double jitter) {
  accounts_ = troubles_ = 0;
  const bool is_wait_asked = asked && *asked > milliseconds(0);
  if (!is_news && !is_wait_asked) return {};
  const milliseconds wait =
      is_wait_asked ? std::min(*asked, rules_.backoff_most) : pause_after_pushback(jitter);
  if (is_news) {
    shrink();
    spacing_ = std::clamp(spacing_ * 2, least_spacing, most_spacing);
  }
  return begin_pause(PaceNews::throttled, wait, now);
}

/// The first may be about its job alone: another is asked for in a moment, to tell.
PaceChange FollowPace::on_account(SteadyTime now, double jitter) {
  shrink();
  troubles_ = 0;
  if (++accounts_ >= accounts_that_pause) return begin_pause(PaceNews::account, rules_.account_retry, now);
  if (pause_ == PaceNews::fine) pause_ = PaceNews::trouble;
  until_ = std::max(until_, now + pause_after_pushback(jitter));
  return {};
}

/// Some jobs always meet a server's error: one alone slows down nobody else.
PaceChange FollowPace::on_trouble(bool is_probe, SteadyTime now, double jitter) {
  if (++troubles_ < troubles_that_pause && !is_probe) return {};
  shrink();
  return begin_pause(PaceNews::trouble, pause_after_pushback(jitter), now);
}

PaceChange FollowPace::begin_pause(PaceNews why, milliseconds wait, SteadyTime now) {
  until_ = std::max(until_, now + wait);
  const bool is_same = pause_ == why || pause_ == PaceNews::account;
  if (is_said_ && is_same) return {};  // the same trouble goes on: said once
  pause_ = why;
  is_said_ = true;
  return {PaceChange::Kind::paused, why, wait};
}

milliseconds FollowPace::pause_after_pushback(double jitter) {
  return spread(back_off(rules_.backoff_least, streak_++, rules_.backoff_most), jitter);
}

void FollowPace::shrink() {
  limit_ = std::max<std::uint32_t>(1, limit_ / 2);
  settled_ticket_ = next_ticket_ - 1;
}

void FollowPace::probe_now() {
  streak_ = accounts_ = troubles_ = 0;
  settled_ticket_ = next_ticket_ - 1;
  until_ = SteadyTime::min();
  probe_.reset();
}

void FollowPace::change_rules(const FollowRules& rules) {
  rules_ = rules;
  limit_ = std::clamp<std::uint32_t>(limit_, 1, rules.concurrency);
}

}  // namespace reeld
