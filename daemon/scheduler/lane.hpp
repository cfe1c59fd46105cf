#pragma once
// The lane: one API endpoint with one key. Decides when the next attempt may start: an adaptive limit (opens
// with one request, one more for each accepted answer, halved when the API pushes back), pauses, and a rate.
//
// Pure: the time and the dice are arguments. Threads: none of its own.

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "core/lane_limits.hpp"
#include "core/verdict_word.hpp"
#include "core/verify.hpp"

namespace reeld {

/// Why the lane waits, if it does.
enum class Pause {
  none,
  unsent,     // the API cannot be reached: backing off
  throttled,  // the API asked to be left alone for a while
  refused,    // pairs running were refused, and another too (scheduler/wall): one probe after account_retry
  account,    // key, credit or URL: one probe after account_retry
  doubt,      // three doubts in a row: one request decides
};

std::string_view word_of(Pause pause);

/// What keeps an attempt from starting.
enum class BlockReason { none, pause, concurrency, per_minute, per_day };

std::string_view word_of(BlockReason block_reason);

/// Whether an attempt may start now.
struct LaneAnswer {
  bool may_start = false;
  std::optional<SteadyTime>
      ask_again;  // when time alone will change the answer; nullopt: an attempt has to end first
  BlockReason block_reason = BlockReason::none;
};

/// What an attempt's end has changed, for the log.
struct LaneTransition {
  enum class Kind { nothing, paused, resumed };
  Kind kind = Kind::nothing;
  Pause pause = Pause::none;  // the new pause, or the one that is over
  milliseconds wait{0};
};

class Lane {
 public:
  explicit Lane(LaneLimits limits) : limits_(limits) {}

  LaneAnswer ask(SteadyTime now);
  /// The same for a request that proves something (scheduler/wall): the adaptive limit does not hold it back.
  LaneAnswer ask_for_proof(SteadyTime now);
  /// An attempt starts. Returns its ticket, which `on_ended` takes back.
  std::uint64_t on_started(SteadyTime now);
  /// `asked`: the wait that the API asked for. `jitter` in [0, 1).
  LaneTransition on_ended(std::uint64_t ticket, Verdict verdict, std::optional<milliseconds> asked,
                          SteadyTime now, double jitter);
  /// It began before the operator has changed something, and says nothing about the API as it is set up now.
  bool is_outdated(std::uint64_t ticket) const { return ticket < since_; }
  /// Its answer may be about its pair alone, or about all: not known yet.
  LaneTransition on_unproven(std::uint64_t ticket);
  /// It is about all. `pause`: account or refused.
  LaneTransition on_wall(std::uint64_t ticket, Pause pause, SteadyTime now);
  /// The attempt was dropped for a reason of its own (its files changed, reeld stops): says nothing about the
  /// API.
  void on_dropped() { decrease(in_flight_, "every attempt that ends was begun"); }
  /// The operator changed something (reload, a new key): ends a pause; one request decides.
  void probe_now();
  void change_limits(LaneLimits limits);
  /// An attempt of before this start that was accepted or is in doubt: it counts for `per_day`. Oldest first.
  void count_toward_daily_cap(SteadyTime at) { spent_.push_back(at); }

  std::uint32_t limit() const { return limit_; }
  std::uint32_t in_flight() const { return in_flight_; }
  Pause pause() const { return pause_; }
  const LaneLimits& limits() const { return limits_; }
  /// How many of the 24 hours before `now` count for `per_day`; what is in flight is not among them yet.
  std::size_t spent_within_day(SteadyTime now) const;
  std::optional<SteadyTime> paused_until() const;

 private:
  LaneTransition on_accepted(std::uint64_t ticket);
  LaneTransition end_pause(std::uint64_t ticket);
  void begin_probe();
  bool is_probe(std::uint64_t ticket) const { return is_probing_ && ticket >= probe_ticket_; }
  LaneTransition begin_pause(Pause pause, milliseconds wait, SteadyTime now);
  milliseconds pause_after_pushback(double jitter);
  void shrink();
  bool must_wait(LaneAnswer& answer, SteadyTime now);
  LaneAnswer ask_rates(SteadyTime now);
  LaneTransition pause_for_account(Pause pause, SteadyTime now);
  LaneAnswer ask_rate(SteadyTime now);
  std::optional<LaneAnswer> ask_day(SteadyTime now);

  LaneLimits limits_;
  std::uint32_t limit_ = 1;
  std::uint32_t in_flight_ = 0;
  std::uint64_t next_ticket_ = 1;
  std::uint64_t settled_ticket_ =
      0;                     // attempts up to this one started before the last push-back: it speaks for them
  std::uint64_t since_ = 0;  // attempts before this one say nothing about the API as it is set up now
  Pause pause_ = Pause::none;
  SteadyTime until_{};
  std::uint64_t probe_ticket_ = 0;
  bool is_probing_ = false;                  // the pause is over in time, and its one request decides
  std::uint32_t consecutive_pushbacks_ = 0;  // push-backs without anything better between them
  std::uint32_t doubts_ = 0;                 // in a row
  std::uint32_t doubt_pauses_ = 0;
  std::deque<SteadyTime> starts_;  // of the last minute, where per_minute limits
  std::deque<SteadyTime> spent_;   // accepted or in doubt, of the last 24 hours
};

}  // namespace reeld
