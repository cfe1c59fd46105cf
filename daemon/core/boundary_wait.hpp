#pragma once
// How long the closing boundary is held back once the rest of a request has been handed to the kernel.
//
// On a network with a length the whole of a small request has left before the first word about it can come
// back: a front's 503, a TLS alert, the end of a kept connection, or nothing at all where a path swallows
// packets. Whoever sends the boundary before that word makes a doubt of each. So it waits for the peer's
// kernel to have all but the last of the request, and for as long as an answer to its last byte would be
// under way.
//
// Threads: pure; the clock and the kernel's numbers are arguments.

#include <cstdint>
#include <optional>

#include "core/clock.hpp"

namespace reeld {

using std::chrono::microseconds;

/// What one connection knows of its round trip.
struct PathTimes {
  std::optional<microseconds> kernel;  // the shortest that the kernel has seen: to a proxy where there is one
  std::optional<microseconds>
      handshake;  // from the first flight of a handshake with the server to its answer
  bool is_proxied = false;
};

/// The shorter of the two; behind a proxy the handshake's alone, because the kernel knows only of the proxy.
/// Zero where nothing is known.
microseconds get_round_trip(const PathTimes& times);

/// Over less than that an answer comes back faster than the ledger syncs.
bool is_far(microseconds round_trip);

class BoundaryWait {
 public:
  struct Parts {
    microseconds round_trip{0};
    std::uint64_t sent = 0;     // bytes of this request that the kernel has taken
    std::uint64_t segment = 0;  // the most that one packet takes
    milliseconds patience{0};   // without progress
  };
  enum class Step { wait, go, give_up };

  /// `handed_over`: when the kernel took the last byte but the boundary.
  BoundaryWait(const Parts& parts, SteadyTime handed_over);

  /// Before that, nobody need look.
  SteadyTime earliest() const { return earliest_; }
  /// `unacknowledged`: what the peer's kernel has not said that it has.
  Step look(SteadyTime now, std::uint64_t unacknowledged);
  /// After `wait`: when to look again.
  SteadyTime next_look(SteadyTime now) const;

 private:
  bool is_through(std::uint64_t unacknowledged) const;

  Parts parts_;
  SteadyTime handed_over_;
  SteadyTime earliest_;
  SteadyTime progressed_;
  std::uint64_t least_;
};

}  // namespace reeld
