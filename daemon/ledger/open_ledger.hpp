#pragma once
// From a spool to its ledger: where it lies, whether the two belong together, and what is wrong if not.
//
// Threads: blocking; for starts and commands. Errors: texts for people.

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "core/ledger_match.hpp"
#include "ledger/ledger_store.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

struct LedgerPlace {
  int spool_fd = -1;       // kept by the caller
  std::string spool_path;  // as the user names it, for messages
  std::string asked_path;  // [ledger] path; "" where none is set
  std::string state_dir;   // $STATE_DIRECTORY; "" where there is none
  bool adopts = false;     // a damaged marker is as good as none: a person is asked
};

/// Where the ledger is to be, and what the spool says of it. Nothing is opened.
struct LedgerSite {
  std::string path;  // absolute
  std::optional<SpoolMarker> marker;
  std::string marked_path;  // where the marker says that it is; "" without a marker
  bool is_damaged = false;  // the marker, and so it is left out
  SpoolRoot root;
};

/// What stands there now. Nothing is changed, but for a corrupt ledger, which is set aside.
struct LedgerFindings {
  std::string path;  // of the ledger, absolute
  std::optional<SpoolMarker> marker;
  std::optional<LedgerIdentity> identity;  // nullopt: there is no ledger at that path
  SpoolRoot root;
  std::string marked_elsewhere;  // where the marker says that it is, if that is another place
  LedgerMatch match = LedgerMatch::fresh;
};

/// Why there is no ledger to work with, and what to do. For people.
struct LedgerRefusal {
  std::string reason;
  bool is_busy = false;     // another daemon has it
  bool is_passing = false;  // a disk forbids it now (full, read-only, an I/O error): it may be tried again
};
std::variant<LedgerSite, LedgerRefusal> locate_ledger(const LedgerPlace& place);
std::variant<LedgerFindings, LedgerRefusal> find_ledger(const LedgerPlace& place);

/// Why a ledger may not lie at that path, a network file system; nullopt: nothing is known against it. For
/// people.
std::optional<std::string> find_network_fault(const std::string& ledger);

/// A ledger that may be served from, with the lock that keeps other daemons off it.
struct OpenLedger {
  std::string path;
  std::unique_ptr<LedgerStore> store;
  SpoolMarker marker;
  UniqueFd lock;
};
/// For the daemon: makes what is missing, ties the two together, raises the generation.
std::variant<OpenLedger, LedgerRefusal> open_ledger(const LedgerPlace& place);

/// The operator's word that they belong together, whatever was found.
std::variant<OpenLedger, LedgerRefusal> adopt_ledger(const LedgerPlace& place);

}  // namespace reeld
