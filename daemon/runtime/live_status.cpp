#include "runtime/live_status.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>

#include "codec/result_json.hpp"
#include "codec/utf8.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

json::object write_lane(const LiveStatus& status) {
  json::object out;
  out["limit"] = status.limit;
  out["in_flight"] = status.counts.in_flight;
  out["pause"] = json::string(word_of(status.pause));
  out["paused_for_ms"] = status.paused_for.count();
  out["hindrance"] = json::string(word_of(status.hindrance));
  return out;
}

json::object write_intake(const LiveStatus& status) {
  json::object out;
  out["undecided"] = status.intake.undecided;
  out["half"] = status.intake.half;
  out["incomplete"] = status.intake.incomplete;
  out["ambiguous"] = status.intake.ambiguous;
  out["unnameable"] = status.intake.unnameable;
  out["unreadable_folders"] = status.intake.unreadable_folders;
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

json::value write_error(const std::optional<LastError>& error) {
  if (!error) return nullptr;
  json::object out;
  out["ts"] = format_time(error->at);
  out["event"] = error->event;
  out["reason"] = to_valid_utf8(error->reason);
  return out;
}

}  // namespace

LiveStatus read_live_status(const Dispatcher& dispatcher, SteadyTime now) {
  LiveStatus out;
  const Lane& lane = dispatcher.lane();
  out.is_held = dispatcher.desk().is_held();
  out.limit = lane.limit();
  out.pause = lane.pause();
  if (const auto until = lane.paused_until())
    out.paused_for = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(*until - now));
  out.hindrance = dispatcher.desk().hindrance();
  out.counts = dispatcher.counts();
  out.awaiting = dispatcher.awaiting_answers();
  out.finishing = dispatcher.desk().finishing();
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
  out["last_error"] = write_error(status.last_error);
  return json::serialize(out) + "\n";
}

}  // namespace reeld
