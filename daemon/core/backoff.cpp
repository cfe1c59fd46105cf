#include "core/backoff.hpp"

#include <algorithm>

namespace reeld {

milliseconds back_off(milliseconds first, std::uint32_t times, milliseconds max) {
  milliseconds out = first;
  for (std::uint32_t i = 0; i < times && out < max; ++i) out *= 2;
  return std::min(out, max);
}

milliseconds spread(milliseconds wait, double jitter) {
  const double half = static_cast<double>(wait.count()) / 2;
  return milliseconds(static_cast<std::int64_t>(half + half * jitter));
}

}  // namespace reeld
