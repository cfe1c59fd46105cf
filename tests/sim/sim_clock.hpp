#pragma once
// The world's time and its dice: events happen in the order of their times, and everything that is left to
// chance comes from one seed.

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "core/clock.hpp"

namespace reeld::sim {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}
  std::uint64_t roll(std::uint64_t sides) { return next() % sides; }
  bool chance(unsigned percent) { return roll(100) < percent; }
  double fraction() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  milliseconds between(std::int64_t least, std::int64_t most) {
    return milliseconds(least +
                        static_cast<std::int64_t>(roll(static_cast<std::uint64_t>(most - least + 1))));
  }

 private:
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  std::uint64_t state_;
};

class Timeline {
 public:
  using Action = std::function<void()>;

  SteadyTime now() const { return now_; }
  SystemTime date() const { return SystemTime{} + std::chrono::hours(24 * 365) + (now_ - SteadyTime{}); }

  void after(milliseconds delay, Action action) {
    events_.emplace(Key{now_ + delay, ++order_}, std::move(action));
  }
  void at(SteadyTime time, Action action) {
    events_.emplace(Key{std::max(time, now_), ++order_}, std::move(action));
  }

  bool is_over() const { return events_.empty(); }
  SteadyTime next() const { return events_.begin()->first.first; }
  void step() {
    auto node = events_.extract(events_.begin());
    now_ = node.key().first;
    node.mapped()();
  }

 private:
  using Key = std::pair<SteadyTime, std::uint64_t>;
  SteadyTime now_{std::chrono::hours(1)};
  std::uint64_t order_ = 0;
  std::map<Key, Action> events_;
};

}  // namespace reeld::sim
