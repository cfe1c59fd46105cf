#pragma once
// A write to the ledger that is under way, as who waits for it sees it.

#include <string>

#include "async/waiter.hpp"

namespace reeld {

/// Held by who waits for it. Threads: the loop's.
struct LedgerWrite : Waiter {
  bool is_done = false;
  std::string error;  // "" : it was written, and is durable
};

}  // namespace reeld
