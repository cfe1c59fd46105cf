#pragma once
// At most so many bytes a second, over all downloads together: a bucket that fills with time (the generic
// cell rate algorithm).
//
// Pure: the time is an argument. Threads: none of its own.

#include <optional>

#include "core/bytes.hpp"
#include "core/clock.hpp"

namespace reeld {

class ByteRate {
 public:
  /// `rate`: bytes a second; nullopt: no limit.
  explicit ByteRate(std::optional<Bytes> rate) : rate_(rate) {}

  /// From when on more may be read. A reader that was idle may have a quarter of a second's bytes at once.
  SteadyTime next_read(SteadyTime now) const;
  /// They have arrived: whoever reads next waits for them.
  void spend(Bytes bytes, SteadyTime now);
  /// How many to read at once, so that what is read at a low rate comes in small pieces, often.
  Bytes piece(Bytes most) const;
  /// What was spent before is forgotten.
  void change_rate(std::optional<Bytes> rate);

 private:
  std::optional<Bytes> rate_;
  std::optional<SteadyTime> paid_until_;
};

}  // namespace reeld
