// `reeld status` for people, in the order in which an operator asks.

#include <boost/json.hpp>
#include <sstream>
#include <utility>

#include "commands/check/check_report.hpp"
#include "commands/status/status.hpp"
#include "commands/status/wait_text.hpp"
#include "core/age_text.hpp"
#include "settings/units.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

constexpr std::size_t max_doubts = 10;
constexpr std::size_t max_errors = 5;

std::string text_of(const json::object& from, const char* name) {
  return json::value_to<std::string>(from.at(name));
}
std::int64_t number_of(const json::object& from, const char* name) {
  return from.at(name).to_number<std::int64_t>();
}
bool is_set(const json::object& from, const char* name) {
  return from.at(name).as_bool();
}

class StatusText {
 public:
  explicit StatusText(const json::object& status)
      : status_(status), live_(status.at("live").is_object() ? &status.at("live").as_object() : nullptr) {}

  std::string write() {
    report_.say("spool", make_printable(text_of(status_, "spool"), 1000));
    report_.say("reeld", describe_daemon());
    if (!is_set(status_, "may_serve"))
      report_.say("ledger", text_of(status_, "match") + "; see `reeld adopt`");
    if (live_ != nullptr) say_live();
    say_waits();
    say_doubts();
    say_left_open();
    if (const auto owed = number_of(status_, "owed"))
      report_.say("owed", std::to_string(owed) + " results are in the ledger and not yet in their folders");
    say_counts();
    say_last_errors();
    return out_.str();
  }

 private:
  std::string describe_daemon() const;
  std::string describe_lane() const;
  void say_live();
  void say_waits();
  void say_doubts();
  void say_left_open();
  void say_counts();
  void say_last_errors();

  const json::object& status_;
  const json::object* live_;
  std::ostringstream out_;
  CheckReport report_{out_, out_};
};

std::string StatusText::describe_daemon() const {
  const std::string held = is_set(status_, "held") ? "; held: nothing is sent until `reeld release`" : "";
  if (live_ == nullptr && is_set(status_, "running")) return "running, and cannot be asked" + held;
  if (live_ == nullptr)
    return (is_set(status_, "used") ? "not running" : "not running; the spool is not used yet") + held;
  const std::string state = is_set(*live_, "stopping") ? "stopping" : "running";
  const std::string ledger =
      is_set(*live_, "ledger_well") ? "" : "; its ledger cannot be written: nothing is sent";
  return state + " since " + text_of(live_->at("since_start").as_object(), "at") + ", process " +
         std::to_string(number_of(*live_, "pid")) + held + ledger;
}

std::string StatusText::describe_lane() const {
  const json::object& lane = live_->at("lane").as_object();
  const std::string limit = "up to " + std::to_string(number_of(lane, "limit")) + " of " +
                            std::to_string(number_of(lane, "concurrency")) + " at one time";
  const std::string pause = text_of(lane, "pause");
  const std::string hindrance = text_of(lane, "hindrance");
  if (is_set(status_, "held")) return "held; after `reeld release` " + limit;
  if (!is_set(*live_, "ledger_well")) return "waits for the ledger; " + limit;
  if (pause != "none") {
    const auto left = std::chrono::ceil<seconds>(milliseconds(number_of(lane, "paused_for_ms")));
    return "paused (" + pause + ") since " + text_of(lane, "paused_since") +
           (left == seconds(0) ? "; one request decides"
                               : ", for another " + format_duration(left) + "; then one request decides");
  }
  const bool is_capped = hindrance == "per_minute" || hindrance == "per_day";
  return is_capped ? "waits: " + hindrance + " is reached; " + limit : limit;
}

void StatusText::say_live() {
  report_.say("lane", describe_lane());
  const json::value& reason = live_->at("lane").at("pause_reason");
  if (reason.is_string() && !reason.as_string().empty())
    report_.say("", make_printable(json::value_to<std::string>(reason), 300));
  report_.say("in flight", std::to_string(number_of(*live_, "in_flight")) + ", of which " +
                               std::to_string(number_of(*live_, "awaiting")) + " await an answer");
  if (const auto count = number_of(*live_, "unpublished"))
    report_.say("unwritten", std::to_string(count) + " results cannot be written just now");
}

void StatusText::say_waits() {
  std::string more;
  if (live_ != nullptr) {
    const json::object& intake = live_->at("intake").as_object();
    if (const auto count = number_of(intake, "unreadable_folders"))
      more = "; " + std::to_string(count) + " folders cannot be read";
    if (const auto count = number_of(intake, "unwritable_folders"))
      more += "; " + std::to_string(count) + " folders take no results";
    if (const auto count = number_of(intake, "misconfigured_folders"))
      more += "; " + std::to_string(count) + " folders have a reeld.toml that cannot be read";
    more += is_set(intake, "scanning") ? "; scanning" : "";
  }
  report_.say("waiting", std::to_string(number_of(status_, "waiting")) + more);
  const json::object& waits = status_.at("waits").as_object();
  for (const std::string& line : describe_waits(waits)) report_.say("", line);
  const json::object& reasons = waits.at("by_reason").as_object();
  if (reasons.contains("mass") || reasons.contains("duplicate"))
    report_.say("",
                "`reeld release` sends what waits as mass (many new pairs at once) or duplicate (copies of "
                "sent ones)");
}

void StatusText::say_doubts() {
  const json::array& doubts = status_.at("doubts").as_array();
  report_.say("in doubt", std::to_string(doubts.size()));
  std::size_t left = max_doubts;
  for (const json::value& value : doubts) {
    if (left-- == 0) {
      report_.say("", "and " + std::to_string(doubts.size() - max_doubts) + " more: --json lists them all");
      break;
    }
    const json::object& doubt = value.as_object();
    const std::string again = doubt.at("repeat_at").is_null() ? "" : " (is sent once more)";
    report_.say("", make_printable(text_of(doubt, "path"), 1000) + ", for " +
                        describe_age(number_of(doubt, "age_s")) + again + ": " +
                        make_printable(text_of(doubt, "reason"), 300));
  }
  if (!doubts.empty())
    report_.say(
        "",
        "look each up at the provider, as its .doubt.json says; then `reeld resolve PATH --accepted ID` or "
        "`--not-accepted`");
}

/// Intents of a daemon that is no more: nobody knows what came of them.
void StatusText::say_left_open() {
  const json::value* const open = status_.at("jobs").as_object().if_contains("intended");
  if (open == nullptr || is_set(status_, "running")) return;
  report_.say("left open", std::to_string(open->to_number<std::int64_t>()) +
                               ": reeld ended before their answers came; in doubt from the next start on");
}

void StatusText::say_counts() {
  const auto most = number_of(status_, "per_day");
  report_.say("last 24 hours", std::to_string(number_of(status_, "spent_24h")) +
                                   (most == 0 ? "" : " of " + std::to_string(most)) +
                                   " accepted or in doubt");
  std::string all;
  for (const auto& [state, count] : status_.at("jobs").as_object())
    all += (all.empty() ? "" : ", ") + std::to_string(count.to_number<std::int64_t>()) + " " +
           std::string(state);
  if (!all.empty()) report_.say("in the ledger", all);
}

void StatusText::say_last_errors() {
  std::string_view label = "last error";
  std::size_t left = max_errors;
  for (const json::value& value : status_.at("last_errors").as_array()) {
    if (left-- == 0) break;
    const json::object& error = value.as_object();
    const std::string job = error.at("job").is_null() ? "" : " " + make_printable(text_of(error, "job"), 300);
    report_.say(std::exchange(label, ""), text_of(error, "ts") + " " + text_of(error, "event") + job + ": " +
                                              make_printable(text_of(error, "reason"), 500));
  }
}

}  // namespace

std::string describe_status(const boost::json::object& status) {
  return StatusText(status).write();
}

}  // namespace reeld
