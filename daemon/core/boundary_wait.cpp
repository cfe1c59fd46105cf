#include "core/boundary_wait.hpp"

#include <algorithm>
#include <limits>

namespace reeld {
namespace {

constexpr microseconds near_limit{2'000};
constexpr microseconds min_moment{3'000};
constexpr microseconds max_moment{20'000};
constexpr microseconds max_pause{100'000};

// The last one or two packets are acknowledged late on purpose (RFC 9293, 3.8.6.3): to wait for them would
// take the peer's timer, 40 ms and more.
constexpr std::uint64_t segments_left_open = 2;

/// What the peer may need to say it, and its answer to be read.
microseconds get_moment(microseconds round_trip) {
  return std::clamp(round_trip / 4, min_moment, max_moment);
}

}  // namespace

microseconds get_round_trip(const PathTimes& times) {
  if (times.is_proxied) return times.handshake.value_or(microseconds(0));
  constexpr microseconds unknown = microseconds::max();
  const microseconds shorter = std::min(times.kernel.value_or(unknown), times.handshake.value_or(unknown));
  return shorter == unknown ? microseconds(0) : shorter;
}

bool is_far(microseconds round_trip) {
  return round_trip >= near_limit;
}

BoundaryWait::BoundaryWait(const Parts& parts, SteadyTime handed_over)
    : parts_(parts),
      handed_over_(handed_over),
      earliest_(handed_over + parts.round_trip + get_moment(parts.round_trip)),
      progressed_(handed_over),
      least_(std::numeric_limits<std::uint64_t>::max()) {}

BoundaryWait::Step BoundaryWait::look(SteadyTime now, std::uint64_t unacknowledged) {
  if (unacknowledged < least_) {
    least_ = unacknowledged;
    progressed_ = now;
  }
  if (is_through(unacknowledged)) return now >= earliest_ ? Step::go : Step::wait;
  return now >= progressed_ + parts_.patience ? Step::give_up : Step::wait;
}

// Of a request that is no longer than what may be left open, something must have arrived all the same: a path
// that swallows large packets shows in nothing else.
bool BoundaryWait::is_through(std::uint64_t unacknowledged) const {
  return unacknowledged <= segments_left_open * parts_.segment && unacknowledged < parts_.sent;
}

// Often at first, when it matters, and then by how long it has taken already.
SteadyTime BoundaryWait::next_look(SteadyTime now) const {
  if (now < earliest_) return earliest_;
  const auto taken = std::chrono::duration_cast<microseconds>(now - handed_over_);
  return now + std::clamp(taken / 16, min_moment, max_pause);
}

}  // namespace reeld
