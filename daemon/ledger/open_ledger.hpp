#pragma once
// A spool and its ledger, looked at together: whether the two belong together, and what is wrong if not; then
// opened, for whoever serves them.
//
// Threads: blocking; for starts and commands. Errors: texts for people.

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "ledger/ledger_file.hpp"
#include "ledger/ledger_site.hpp"
#include "ledger/ledger_store.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// What stands there now. Nothing is changed.
struct LedgerFindings {
  std::string path;  // of the ledger, absolute
  LedgerFile file;
  std::optional<SpoolMarker> marker;       // as it was read first
  std::optional<LedgerIdentity> identity;  // nullopt: there is no ledger at that path
  SpoolRoot root;
  std::string marked_elsewhere;  // where the marker says that it is, if that is another place
  LedgerMatch match = LedgerMatch::fresh;
};

/// How much of the ledger is read: all of it, or no more than who it is.
enum class LedgerDepth { whole, identity };
std::variant<LedgerFindings, LedgerRefusal> find_ledger(const LedgerPlace& place,
                                                        LedgerDepth depth = LedgerDepth::whole);

/// The match of a ledger that was just read; the marker, which was read before, is read once more.
LedgerMatch match_again(const LedgerPlace& place, const LedgerSite& site,
                        const std::optional<LedgerIdentity>& identity);

/// Why a ledger may not lie at that path, a network file system; nullopt: nothing is known against it. For
/// people.
std::optional<std::string> find_network_fault(const std::string& ledger);

/// Whether a daemon has the ledger open: it cannot be locked. Never while a lock on it is held by the caller.
bool is_ledger_in_use(const std::string& ledger);

/// A ledger that may be served from, with the lock that keeps other daemons off it.
struct OpenLedger {
  std::string path;
  std::unique_ptr<LedgerStore> store;
  SpoolMarker marker;
  UniqueFd lock;
  std::string set_aside;  // where a corrupt one is now that was there before; "" where none was
};

/// Why reeld may not serve; nullopt: it may. Nothing is changed.
std::optional<LedgerRefusal> find_fault_with(const LedgerPlace& place);

/// For the daemon: makes what is missing, ties the two together, raises the generation.
std::variant<OpenLedger, LedgerRefusal> open_ledger(const LedgerPlace& place);

/// The operator's word that they belong together, whatever was found. A corrupt ledger is set aside, and an
/// empty one begun.
std::variant<OpenLedger, LedgerRefusal> adopt_ledger(const LedgerPlace& place);

}  // namespace reeld
