#include "commands/status/status.hpp"

#include <boost/json.hpp>
#include <boost/system/error_code.hpp>
#include <ostream>
#include <utility>

#include "codec/result_json.hpp"
#include "codec/terminal_text.hpp"
#include "codec/wait_json.hpp"
#include "commands/act_as_owner.hpp"
#include "commands/command_failure.hpp"
#include "commands/ledger/daemon_client.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/ledger/ledger_view.hpp"
#include "commands/status/count_pairs.hpp"
#include "commands/status/watch.hpp"
#include "core/utf8.hpp"
#include "ledger/sqlite.hpp"
#include "settings/exit_code.hpp"
#include "settings/units.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

constexpr const char* clear_screen = "\x1b[2J";

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

json::array write_troubles(LedgerReader& reader) {
  constexpr std::size_t most = 5;
  json::array out;
  for (const TroubleRecord& trouble : reader.list_troubles(most)) {
    json::object entry;
    entry["ts"] = format_time(trouble.at);
    entry["event"] = trouble.verdict == Verdict::doubt     ? "job.doubt"
                     : trouble.verdict == Verdict::refused ? "job.refused"
                                                           : "attempt.ended";
    entry["job"] = to_valid_utf8(trouble.job.text());
    entry["reason"] = to_valid_utf8(trouble.reason);
    out.push_back(std::move(entry));
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
  out["owed"] = reader != nullptr ? reader->list_unpublished().size() : 0U;
  out["spent_24h"] =
      reader != nullptr ? reader->list_billable_since(now - std::chrono::hours(24)).size() : 0U;
}

/// What the daemon says of itself; null where none runs.
json::value read_live(const SpoolSite& spool, const CommandContext& context) {
  const DaemonReply reply = ask_daemon(spool.fd.get(), {"status"});
  if (reply.kind == DaemonReply::Kind::answered) {
    boost::system::error_code error;
    json::value live = json::parse(reply.text, error);
    if (!error && live.is_object()) return live;
  }
  if (reply.kind == DaemonReply::Kind::refused)
    context.err << "reeld: warning: the daemon could not be asked: " << escape_steering(reply.text) << '\n';
  return nullptr;
}

/// What a look at the folder tells, where there is no daemon to tell more.
void add_folder(const SpoolSite& spool, const Settings& settings, LedgerReader* reader, json::object& out) {
  const WaitReason reason = out.at("held").as_bool() ? WaitReason::held : WaitReason::not_running;
  const WaitTable waits =
      tally_pairs(spool.fd.get(), settings.spool.recursive, KnownPairs(reader, spool.fd.get()), reason,
                  std::chrono::system_clock::now(), IgnoredFolders(settings.spool.ignore));
  out["waiting"] = waits.total(reason);
  out["waits"] = write_waits(waits);
}

json::object gather(const Settings& settings, const CommandContext& context) {
  const SpoolSite spool = open_spool(settings.spool.path);
  LedgerView ledger(place_ledger(spool, settings.ledger.path, context));
  const LedgerSite& site = ledger.site();
  json::object out;
  out["spool"] = to_valid_utf8(spool.path);
  out["ledger"] = to_valid_utf8(site.path);
  out["match"] = describe(ledger.match());
  out["may_serve"] = may_serve(ledger.match());
  out["used"] = ledger.match() != LedgerMatch::fresh;
  json::value live = read_live(spool, context);
  // A daemon may run and have no socket.
  out["running"] = live.is_object() || is_served(spool, site.path);
  add_ledger(ledger.reader(), spool.path, out);
  out["per_day"] = settings.submit.lane.per_day;
  if (live.is_object()) {
    for (const char* const name : {"waiting", "waits", "last_errors"}) out[name] = live.at(name);
    out["per_day"] = live.at("lane").at("per_day");  // the configuration at hand need not be the daemon's
  } else {
    add_folder(spool, settings, ledger.reader(), out);
    out["last_errors"] = ledger.reader() != nullptr ? write_troubles(*ledger.reader()) : json::array();
  }
  out["live"] = std::move(live);
  return out;
}

std::string write_status(const CommandLine& line, const Settings& settings, const CommandContext& context) {
  const json::object status = gather(settings, context);
  return line.json ? escape_steering(json::serialize(status)) + "\n" : describe_status(status);
}

/// What is wrong may pass, as what is watched does.
std::string write_status_or_reason(const CommandLine& line, const Settings& settings,
                                   const CommandContext& context) {
  std::string reason;
  try {
    return write_status(line, settings, context);
  } catch (const CommandFailure& failure) {
    reason = failure.what();
  } catch (const SqliteError& error) {
    reason = error.what();
  }
  if (!line.json) return "reeld: " + escape_steering(reason) + "\n";
  return json::serialize(json::object{{"error", to_valid_utf8(reason)}}) + "\n";
}

int watch_status(const CommandLine& line, const Settings& settings, const CommandContext& context) {
  if (!line.json && !context.is_out_terminal) {
    context.err
        << "reeld: status --watch shows one screen again and again, and standard output is no terminal; with "
           "--json it writes one object a line\n";
    return exit_code::usage;
  }
  std::string first = write_status(line, settings, context);  // what is wrong from the start is an error
  if (!line.json) context.out << clear_screen;
  watch(*line.watch, context.out, [&] {
    const std::string text =
        first.empty() ? write_status_or_reason(line, settings, context) : std::exchange(first, "");
    if (line.json) return text;
    const std::string head = format_time(std::chrono::system_clock::now()) + ", every " +
                             format_duration(*line.watch) + "; Ctrl-C ends\n\n";
    return make_frame(head + text, read_screen_size());
  });
  return exit_code::fine;
}

/// For those who watch over it: a container's health check, a monitoring system. Errors: CommandFailure,
/// SqliteError.
int find_health(const CommandLine& line, const CommandContext& context) {
  const Settings settings = load_spool_here(line.common, context);
  const SpoolSite spool = open_spool(settings.spool.path);
  const LedgerPlace place = place_ledger(spool, settings.ledger.path, context);
  become_ledger_owner(place);
  const DaemonReply reply = ask_daemon(spool.fd.get(), {"status"});
  if (reply.kind == DaemonReply::Kind::answered) return exit_code::fine;
  if (reply.kind == DaemonReply::Kind::refused)
    throw CommandFailure(exit_code::failed, "the daemon could not be asked: " + reply.text);
  // One that has no socket holds the lock all the same.
  if (is_served(spool, LedgerView(place).site().path)) return exit_code::fine;
  throw CommandFailure(exit_code::failed, "no daemon serves the spool " + spool.path);
}

int say_health(const CommandLine& line, const CommandContext& context) {
  std::string reason;
  try {
    return find_health(line, context);
  } catch (const CommandFailure& failure) {
    reason = failure.what();
  } catch (const SqliteError& error) {
    reason = error.what();
  }
  context.err << "reeld: " << escape_steering(reason) << '\n';
  return exit_code::failed;
}

}  // namespace

int run_status(const CommandLine& line, const CommandContext& context) {
  if (line.healthy) return say_health(line, context);
  // Once: what root may read, the ledger's owner need not.
  const Settings settings = load_spool_here(line.common, context);
  if (line.watch) return watch_status(line, settings, context);
  context.out << write_status(line, settings, context);
  return exit_code::fine;
}

}  // namespace reeld
