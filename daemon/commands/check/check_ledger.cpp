#include "commands/check/check_ledger.hpp"

#include <filesystem>

#include "commands/command_failure.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/ledger/ledger_view.hpp"

namespace reeld {
namespace {

void look(const Settings& settings, const CommandContext& context, CheckReport& report) {
  const SpoolSite spool = open_spool(settings.spool.path);
  const LedgerPlace place = place_ledger(spool, settings.ledger.path, context);
  const LedgerView ledger(place);
  const LedgerSite& site = ledger.site();
  report.say("ledger", site.path + "; " + describe(ledger.match()));
  if (const auto fault = find_network_fault(site.path)) report.complain(*fault);
  if (may_serve(ledger.match())) return;
  const std::string damage = ledger.damage().empty() ? "" : " (" + ledger.damage() + ")";
  const bool is_elsewhere = site.marker && site.path != site.marked_path;
  report.complain("ledger " + site.path + ": " + describe(ledger.match()) + damage +
                  (is_elsewhere ? " (the spool's marker names " + site.marked_path + ")" : "") +
                  "; put back what belongs there, or, after looking, say `reeld adopt`");
}

}  // namespace

void check_ledger(const Settings& settings, const CommandContext& context, CheckReport& report) {
  std::error_code error;
  if (!std::filesystem::is_directory(settings.spool.path, error)) return;  // that has been complained of
  try {
    look(settings, context, report);
  } catch (const CommandFailure& failure) {
    report.complain(failure.what());
  }
}

}  // namespace reeld
