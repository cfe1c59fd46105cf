#include "commands/ledger/hold.hpp"

#include <filesystem>
#include <ostream>

#include "codec/terminal_text.hpp"
#include "commands/command_failure.hpp"
#include "commands/ledger/daemon_client.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "ledger/spool_neighbours.hpp"
#include "settings/exit_code.hpp"
#include "spool/open_spool.hpp"

namespace reeld {
namespace {

bool is_unused(const LedgerPlace& place) {
  const auto found = locate_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&found))
    throw CommandFailure(code_of(*refusal), refusal->reason);
  const LedgerSite& site = std::get<LedgerSite>(found);
  std::error_code error;
  const auto type = std::filesystem::symlink_status(site.path, error).type();
  return !site.marker && type == std::filesystem::file_type::not_found;
}

/// A spool may be held before reeld has ever served it: what the first start would make is made now.
void make_ledger(const SpoolSite& spool, const LedgerPlace& place) {
  if (const auto overlap = find_overlap(spool.path)) throw CommandFailure(exit_code::configuration, *overlap);
  if (const auto fault = find_fault_with(place)) throw CommandFailure(code_of(*fault), fault->reason);
  const UniqueFd lock = lock_spool(spool);  // or a daemon that starts just now would find the ledger taken
  const auto made = open_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&made))
    throw CommandFailure(code_of(*refusal), refusal->reason);
}

/// What waits for `release` because there was so much of it is released by the next start, too.
void note_word(LedgerStore& store, bool is_held) {
  store.set_held(is_held);
  if (!is_held && store.reader().read_mass_state() == MassState::held)
    store.set_mass_state(MassState::released);
}

/// Whether a daemon was told; one that runs and was not goes on as before, and that must be known.
bool tell_daemon(const SpoolSite& spool, const std::string& ledger, const std::string& word) {
  const DaemonReply reply = ask_daemon(spool.fd.get(), {word == "release" ? "release" : "refresh"});
  if (reply.kind == DaemonReply::Kind::answered) return true;
  if (reply.kind == DaemonReply::Kind::nobody && !is_served(spool, ledger)) return false;
  const std::string reason = reply.text.empty() ? "it has no control socket" : reply.text;
  throw CommandFailure(exit_code::failed, word + " is noted in the ledger, but the reeld that serves " +
                                              spool.path + " could not be told (" + reason + "); restart it");
}

}  // namespace

int run_hold(const CommandLine& line, const CommandContext& context) {
  const bool is_held = line.command == Command::hold;
  const Settings settings = load_spool_here(line.common, context);
  const SpoolSite spool = open_spool(settings.spool.path);
  const LedgerPlace place = place_ledger(spool, settings.ledger.path, context);
  become_ledger_owner(place);
  if (is_unused(place)) {
    if (!is_held) {
      context.out << "released: the spool has not been used yet, and is not held\n";
      return exit_code::fine;
    }
    make_ledger(spool, place);
  }
  LedgerAccess ledger(spool, settings.ledger.path, context);
  ledger.change([is_held](LedgerStore& store) { note_word(store, is_held); });
  const bool is_told = tell_daemon(spool, ledger.path(), is_held ? "hold" : "release");
  context.out << (is_held ? "held: nothing is sent until `reeld release`" : "released: sending goes on")
              << " (spool " << escape_steering(spool.path) << (is_told ? ")" : "); reeld is not running")
              << '\n';
  return exit_code::fine;
}

}  // namespace reeld
