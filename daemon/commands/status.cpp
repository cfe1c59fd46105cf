#include "commands/status.hpp"

#include <boost/json.hpp>
#include <ostream>

#include "codec/result_json.hpp"
#include "codec/utf8.hpp"
#include "commands/command_failure.hpp"
#include "commands/count_pairs.hpp"
#include "commands/daemon_client.hpp"
#include "commands/ledger_access.hpp"
#include "commands/ledger_view.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

json::object write_doubt(const JobRecord& record, const std::string& spool, SystemTime now) {
  json::object out;
  out["job"] = to_valid_utf8(record.job.name.text());
  out["path"] = to_valid_utf8(spool + "/" + record.job.name.text());
  out["since"] = format_time(record.intent.at);
  out["age_s"] = std::chrono::duration_cast<seconds>(now - record.intent.at).count();
  out["reason"] = to_valid_utf8(record.end.reason);
  out["request_id"] = to_valid_utf8(record.end.request_id);
  out["repeat_at"] = nullptr;
  if (record.job.repeat_at) out["repeat_at"] = format_time(*record.job.repeat_at);
  return out;
}

json::array write_doubts(LedgerReader& reader, const std::string& spool, SystemTime now) {
  json::array out;
  for (const std::int64_t job : reader.list_doubts()) {
    if (const auto record = reader.read(job)) out.push_back(write_doubt(*record, spool, now));
  }
  return out;
}

void add_ledger(LedgerReader* reader, const std::string& spool, json::object& out) {
  const SystemTime now = std::chrono::system_clock::now();
  json::object jobs;
  if (reader != nullptr) {
    for (const auto& [state, count] : reader->count_by_state()) jobs[state] = count;
  }
  out["held"] = reader != nullptr && reader->is_held();
  out["jobs"] = std::move(jobs);
  out["doubts"] = reader != nullptr ? write_doubts(*reader, spool, now) : json::array();
  out["owed"] = reader != nullptr ? reader->list_owed().size() : 0U;
  out["spent_24h"] = reader != nullptr ? reader->list_spent_since(now - std::chrono::hours(24)).size() : 0U;
}

/// What the daemon says of itself; null where none runs.
json::value read_live(const SpoolSite& spool, const CommandContext& context) {
  const DaemonReply reply = ask_daemon(spool.fd.get(), {"status"});
  if (reply.kind == DaemonReply::Kind::answered) {
    json::error_code error;
    json::value live = json::parse(reply.text, error);
    if (!error && live.is_object()) return live;
  }
  if (reply.kind == DaemonReply::Kind::refused)
    context.err << "reeld: warning: the daemon could not be asked: " << reply.text << '\n';
  return nullptr;
}

json::object gather(const Settings& settings, const CommandContext& context) {
  const SpoolSite spool = open_spool(settings.spool.path);
  const LedgerSite site = locate_known_ledger(place_ledger(spool, settings.ledger.path, context));
  LedgerView ledger(spool, site);
  json::object out;
  out["spool"] = to_valid_utf8(spool.path);
  out["ledger"] = to_valid_utf8(site.path);
  out["match"] = describe(ledger.match());
  out["may_serve"] = may_serve(ledger.match());
  out["used"] = ledger.match() != LedgerMatch::fresh;
  json::value live = read_live(spool, context);
  // A daemon may run and have no socket.
  out["running"] = live.is_object() || is_served(spool);
  add_ledger(ledger.reader(), spool.path, out);
  out["per_day"] = settings.submit.per_day;
  if (live.is_object()) {
    out["waiting"] = live.at("waiting");
  } else {
    out["waiting"] = count_pairs(spool.fd.get(), settings.spool.recursive).waiting;
  }
  out["live"] = std::move(live);
  return out;
}

}  // namespace

int run_status(const CommandLine& line, const CommandContext& context) {
  const json::object status = gather(load_spool_settings(line.common, context), context);
  context.out << (line.json ? json::serialize(status) + "\n" : describe_status(status));
  return exit_code::fine;
}

}  // namespace reeld
