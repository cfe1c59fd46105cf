#pragma once
// What intake does in its own way only where a test, or an odd system, asks for it.

#include "core/clock.hpp"

namespace reeld {

struct IntakeOptions {
  bool polls = false;       // as if events could not serve
  bool asks_leases = true;  // otherwise nobody can say who writes
  milliseconds silence{
      10'000};  // a file that was seen being written counts as closed after this long without a change
  milliseconds quiet{2'000};  // a folder or file that cannot be used is not spoken of before
};

}  // namespace reeld
