#pragma once
// Exponential back-off: how long to wait before the next try. Pure; the dice are an argument.

#include <cstdint>

#include "core/clock.hpp"

namespace reeld {

/// `first` doubled `times` times, but never over `max`.
milliseconds back_off(milliseconds first, std::uint32_t times, milliseconds max);

/// Half of it is certain, half is left to the dice (`jitter` in [0, 1)), so that many who wait do not come
/// back at one instant.
milliseconds spread(milliseconds wait, double jitter);

}  // namespace reeld
