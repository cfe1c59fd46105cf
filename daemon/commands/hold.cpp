#include "commands/hold.hpp"

#include <ostream>

#include "commands/command_failure.hpp"
#include "commands/daemon_client.hpp"
#include "commands/ledger_access.hpp"
#include "settings/exit_code.hpp"

namespace reeld {
namespace {

/// Whether a daemon was told; one that runs and was not goes on as before, and that must be known.
bool tell_daemon(const SpoolSite& spool, const std::string& word) {
  const DaemonReply reply = ask_daemon(spool.fd.get(), {"refresh"});
  if (reply.kind == DaemonReply::Kind::answered) return true;
  if (reply.kind == DaemonReply::Kind::nobody && !is_served(spool)) return false;
  const std::string reason = reply.text.empty() ? "it has no control socket" : reply.text;
  throw CommandFailure(exit_code::failed, word + " is noted in the ledger, but the reeld that serves " +
                                              spool.path + " could not be told (" + reason + "); restart it");
}

}  // namespace

int run_hold(const CommandLine& line, const CommandContext& context) {
  const bool is_held = line.command == Command::hold;
  const Settings settings = load_spool_settings(line.common, context);
  const SpoolSite spool = open_spool(settings.spool.path);
  LedgerAccess ledger(spool, settings.ledger.path, context);
  ledger.change([is_held](LedgerStore& store) { store.set_held(is_held); });
  const bool is_told = tell_daemon(spool, is_held ? "hold" : "release");
  context.out << (is_held ? "held: nothing is sent until `reeld release`" : "released: sending goes on")
              << (is_told ? "" : "; reeld is not running") << '\n';
  return exit_code::fine;
}

}  // namespace reeld
