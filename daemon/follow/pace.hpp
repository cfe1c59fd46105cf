#pragma once
// How fast the polls (or downloads) of one account may go: its own concurrency, rate and back-off, apart from
// those of submission. An account is an API's origin with one key.
//
// Pure: the time and the dice are arguments. Threads: none of its own.

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/clock.hpp"
#include "follow/poll_verdict.hpp"
#include "follow/rules.hpp"

namespace reeld {

/// Whether a request may start now.
struct PaceAnswer {
  bool may_start = false;
  std::optional<SteadyTime> ask_again{};  // when time alone will change the answer; nullopt: one has to end
};

/// What a request's end has changed, for the log.
struct PaceChange {
  enum class Kind { nothing, paused, resumed };
  Kind kind = Kind::nothing;
  PaceNews why = PaceNews::fine;  // of the pause that begins, or is over
  milliseconds wait{0};
};

class FollowPace {
 public:
  explicit FollowPace(const FollowRules& rules) : rules_(rules), limit_(rules.concurrency) {}

  PaceAnswer ask(SteadyTime now) const;
  /// Returns the request's ticket, which `on_ended` takes back.
  std::uint64_t on_started(SteadyTime now);
  /// `asked`: the wait that the server asked for. `jitter` in [0, 1).
  PaceChange on_ended(std::uint64_t ticket, PaceNews news, std::optional<milliseconds> asked, SteadyTime now,
                      double jitter);
  /// The operator changed something (reload, a new key): ends a pause; one request decides.
  void probe_now();
  void change_rules(const FollowRules& rules);

  /// `fine`: there is no pause.
  PaceNews pause() const { return pause_; }
  std::uint32_t limit() const { return limit_; }
  std::uint32_t in_flight() const { return in_flight_; }
  /// The least time between two starts: what throttling has taught.
  milliseconds spacing() const { return spacing_; }

 private:
  PaceChange on_fine(bool is_probe);
  PaceChange on_throttled(bool is_news, std::optional<milliseconds> asked, SteadyTime now, double jitter);
  PaceChange on_account(SteadyTime now, double jitter);
  PaceChange on_trouble(bool is_probe, SteadyTime now, double jitter);
  PaceChange begin_pause(PaceNews why, milliseconds wait, SteadyTime now);
  milliseconds pause_after_pushback(double jitter);
  void shrink();

  FollowRules rules_;
  std::uint32_t limit_;
  std::uint32_t in_flight_ = 0;
  std::uint64_t next_ticket_ = 1;
  std::uint64_t settled_ticket_ = 0;  // one push-back speaks for all that were under way when it came
  PaceNews pause_ = PaceNews::fine;
  bool is_said_ = false;  // not of the moment in which another job is asked for, to tell
  SteadyTime until_{};
  std::optional<std::uint64_t> probe_;  // the pause is over in time, and this request decides
  std::uint32_t streak_ = 0;            // pauses without anything better between them
  std::uint32_t accounts_ = 0;          // answers in a row that are about the account
  std::uint32_t troubles_ = 0;          // failures in a row
  milliseconds spacing_{0};
  SteadyTime next_start_{};
};

}  // namespace reeld
