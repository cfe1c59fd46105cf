#include "service/live_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "codec/result_json.hpp"
#include "codec/wait_json.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

json::object write_lane(const LiveStatus& status) {
  json::object out;
  out["limit"] = status.limit;
  out["concurrency"] = status.concurrency;
  out["per_day"] = status.per_day;
  out["in_flight"] = status.counts.in_flight;
  out["pause"] = json::string(word_of(status.pause));
  out["paused_for_ms"] = status.paused_for.count();
  out["paused_since"] = nullptr;
  out["pause_reason"] = nullptr;
  if (status.pause != Pause::none) {
    out["paused_since"] = format_time(status.pause_note.since);
    out["pause_reason"] = to_valid_utf8(status.pause_note.reason);
  }
  out["hindrance"] = json::string(word_of(status.block_reason));
  return out;
}

json::object write_intake(const LiveStatus& status) {
  json::object out;
  out["undecided"] = status.intake.undecided;
  out["half"] = status.intake.half;
  out["incomplete"] = status.intake.incomplete;
  out["ambiguous"] = status.intake.ambiguous;
  out["conflict"] = status.intake.conflict;
  out["unnameable"] = status.intake.unnameable;
  out["unwritable"] = status.intake.unwritable;
  out["settings"] = status.intake.misconfigured;
  out["unreadable_folders"] = status.intake.unreadable_folders;
  out["unwritable_folders"] = status.intake.unwritable_folders;
  out["misconfigured_folders"] = status.intake.misconfigured_folders;
  out["scanning"] = status.is_scanning;
  return out;
}

json::object write_since_start(const LiveStatus& status) {
  json::object out;
  out["at"] = format_time(status.started);
  out["accepted"] = status.counts.accepted;
  out["refused"] = status.counts.refused;
  out["doubt"] = status.counts.doubt;
  return out;
}

json::object write_error(const LastError& error) {
  json::object out;
  out["ts"] = format_time(error.at);
  out["event"] = error.event;
  out["job"] = nullptr;
  if (!error.job.empty()) out["job"] = to_valid_utf8(error.job);
  out["reason"] = to_valid_utf8(error.reason);
  return out;
}

json::array write_errors(const std::deque<LastError>& errors) {
  json::array out;
  for (auto error = errors.rbegin(); error != errors.rend(); ++error) out.push_back(write_error(*error));
  return out;
}

/// What most keeps reeld from sending, in the order in which an operator would have to mend it.
std::string describe_lane(const LiveStatus& status) {
  if (status.is_stopping) return "stopping, answers awaited: " + std::to_string(status.awaiting);
  if (!status.is_ledger_well) return "nothing is sent: the ledger cannot be written";
  if (status.is_held) return "held";
  if (status.pause != Pause::none) return "paused (" + std::string(word_of(status.pause)) + ")";
  if (status.block_reason == BlockReason::per_minute || status.block_reason == BlockReason::per_day)
    return std::string(word_of(status.block_reason)) + " is reached";
  return status.counts.in_flight + status.counts.waiting > 0 ? "sending" : "idle";
}

}  // namespace

LiveStatus read_live_status(const Dispatcher& dispatcher, SteadyTime now) {
  LiveStatus out;
  const Lane& lane = dispatcher.lane();
  out.is_held = dispatcher.scheduler().is_held();
  out.limit = lane.limit();
  out.concurrency = lane.limits().concurrency;
  out.per_day = lane.limits().per_day;
  out.pause = lane.pause();
  if (const auto until = lane.paused_until())
    out.paused_for = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*until - now));
  out.pause_note = dispatcher.pause_note();
  out.block_reason = dispatcher.scheduler().block_reason();
  dispatcher.scheduler().tally_waiting(out.waits, now);
  out.counts = dispatcher.counts();
  out.awaiting = dispatcher.awaiting_answers();
  out.finishing = dispatcher.scheduler().finishing();
  return out;
}

std::string write_live_status(const LiveStatus& status) {
  json::object out;
  out["version"] = REELD_VERSION;
  out["pid"] = ::getpid();
  out["held"] = status.is_held;
  out["stopping"] = status.is_stopping;
  out["ledger_well"] = status.is_ledger_well;
  out["lane"] = write_lane(status);
  out["waiting"] = status.counts.waiting;
  out["in_flight"] = status.counts.in_flight;
  out["awaiting"] = status.awaiting;
  out["finishing"] = status.finishing;
  out["unpublished"] = status.counts.unpublished;
  out["intake"] = write_intake(status);
  out["since_start"] = write_since_start(status);
  out["waits"] = write_waits(status.waits);
  out["last_error"] = nullptr;
  if (!status.errors.empty()) out["last_error"] = write_error(status.errors.back());
  out["last_errors"] = write_errors(status.errors);
  return json::serialize(out) + "\n";
}

std::string describe_in_a_line(const LiveStatus& status) {
  std::string out = describe_lane(status) + "; " + std::to_string(status.counts.waiting) + " waiting, " +
                    std::to_string(status.counts.in_flight) + " in flight (limit " +
                    std::to_string(status.limit) + ")";
  if (status.counts.unpublished > 0)
    out += ", " + std::to_string(status.counts.unpublished) + " results unwritten";
  return out + "; since the start: " + std::to_string(status.counts.accepted) + " accepted, " +
         std::to_string(status.counts.refused) + " refused, " + std::to_string(status.counts.doubt) +
         " in doubt";
}

}  // namespace reeld
