#include "commands/ledger/adopt.hpp"

#include <ostream>

#include "commands/ask.hpp"
#include "commands/check/check_report.hpp"
#include "commands/command_failure.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/status/count_pairs.hpp"
#include "settings/exit_code.hpp"
#include "spool/open_spool.hpp"

namespace reeld {
namespace {

LedgerFindings find(const LedgerPlace& place) {
  auto found = find_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&found))
    throw CommandFailure(code_of(*refusal), refusal->reason);
  return std::get<LedgerFindings>(std::move(found));
}

std::string describe_generations(const LedgerFindings& found) {
  const std::string ledger = found.identity ? std::to_string(found.identity->generation) : "none";
  const std::string marker = found.marker ? std::to_string(found.marker->generation) : "none";
  return "ledger " + ledger + ", spool's marker " + marker;
}

void say(const SpoolSite& spool, const LedgerFindings& found, CheckReport& report) {
  report.say("spool", spool.path);
  const bool is_corrupt = found.match == LedgerMatch::corrupt;
  const std::string state = is_corrupt ? " (corrupt: " + found.file.damage + ")" : " (not there)";
  report.say("ledger", found.path + (found.identity ? "" : state));
  if (!found.marked_elsewhere.empty())
    report.say("marker", "names another ledger, " + found.marked_elsewhere);
  report.say("generation", describe_generations(found));
  report.say("found", describe(found.match));
}

std::string warn(const LedgerFindings& found, const PairCounts& pairs) {
  std::string text = std::to_string(pairs.waiting) + " pairs have no result and are sent when reeld starts";
  if (found.match == LedgerMatch::corrupt)
    return text + "; those that only the corrupt ledger knew, which is set aside, may be bought again";
  if (!found.identity) return text + "; those that only the missing ledger knew may be bought again";
  return text + "; those that this ledger does not know as sent may be bought again";
}

}  // namespace

int run_adopt(const CommandLine& line, const CommandContext& context) {
  const Settings settings = load_spool_here(line.common, context);
  const SpoolSite spool = open_spool(settings.spool.path);
  LedgerPlace place = place_ledger(spool, settings.ledger.path, context);
  place.adopts = true;
  become_ledger_owner(place);
  UniqueFd lock = lock_used_spool(spool);
  const LedgerFindings found = find(place);
  CheckReport report(context.out, context.err);
  say(spool, found, report);
  if (may_serve(found.match)) {
    context.out << "there is nothing to adopt: reeld starts with these\n";
    return exit_code::fine;
  }
  const PairCounts pairs =
      count_pairs(spool.fd.get(), settings.spool.recursive, IgnoredFolders(settings.spool.ignore));
  if (!is_agreed_to(context, line.is_agreed, warn(found, pairs))) return exit_code::failed;
  if (!lock) lock = lock_spool(spool);
  const auto adopted = adopt_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&adopted))
    throw CommandFailure(code_of(*refusal), refusal->reason);
  if (const std::string& aside = std::get<OpenLedger>(adopted).set_aside; !aside.empty())
    report.warn("the ledger " + found.path + " was corrupt; it was set aside as " + aside);
  context.out << "adopted: this ledger and this spool belong together\n";
  return exit_code::fine;
}

}  // namespace reeld
