#include "follow/byte_rate.hpp"

#include <algorithm>
#include <cstdint>

namespace reeld {
namespace {

constexpr auto burst = std::chrono::milliseconds(250);

/// How long that many bytes take.
SteadyTime::duration time_for(Bytes bytes, Bytes rate) {
  const double ns = static_cast<double>(bytes.count) / static_cast<double>(rate.count) * 1e9;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(ns, 1e15)));
}

}  // namespace

SteadyTime ByteRate::next_read(SteadyTime now) const {
  if (!rate_ || !paid_until_) return now;
  return std::max(now, *paid_until_ - burst);
}

void ByteRate::spend(Bytes bytes, SteadyTime now) {
  if (!rate_) return;
  const SteadyTime from = paid_until_ ? std::max(*paid_until_, now) : now;
  paid_until_ = from + time_for(bytes, *rate_);
}

Bytes ByteRate::piece(Bytes most) const {
  if (!rate_) return most;
  return std::clamp(Bytes{rate_->count / 8}, Bytes{1}, most);
}

void ByteRate::change_rate(std::optional<Bytes> rate) {
  rate_ = rate;
  paid_until_.reset();
}

}  // namespace reeld
