#pragma once
// The state of a running daemon as `reeld status` gets to see it: numbers, and one object of JSON.

#include <deque>
#include <string>

#include "intake/intake.hpp"
#include "log/event_log.hpp"
#include "scheduler/lane.hpp"
#include "submit/dispatcher.hpp"

namespace reeld {

struct LiveStatus {
  bool is_held = false;
  bool is_stopping = false;
  bool is_ledger_well = true;
  std::uint32_t limit = 0;  // of the lane
  std::uint32_t concurrency = 0;
  std::uint32_t per_day = 0;
  Pause pause = Pause::none;
  milliseconds paused_for{0};  // from now on
  PauseNote pause_note;
  BlockReason block_reason = BlockReason::none;
  DispatchCounts counts;
  std::size_t awaiting = 0;   // past the commit point, without an answer
  std::size_t finishing = 0;  // ends being recorded, results being written
  IntakeCounts intake;
  bool is_scanning = false;
  WaitTable waits;
  SystemTime started;
  std::deque<LastError> errors;  // oldest first
};

/// Of the dispatcher's part; the rest is the caller's to fill in. Looks at every job in hand.
LiveStatus read_live_status(const Dispatcher& dispatcher, SteadyTime now);

std::string write_live_status(const LiveStatus& status);

/// For `systemctl status`: what the lane does, then the counts.
std::string describe_in_a_line(const LiveStatus& status);

}  // namespace reeld
