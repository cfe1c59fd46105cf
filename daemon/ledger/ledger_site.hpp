#pragma once
// From a spool to the place of its ledger, and to who acts on it, before a byte of either is read.
//
// A spool's folder belongs to many: each of a group may put a `.reeld` of his own there. So nothing in it
// leads to a file that is not its maker's. Where the configuration or $STATE_DIRECTORY names the ledger, that
// counts. Else `.reeld`, the marker in it and the ledger have one owner, and only he acts on them.
//
// Threads: blocking; for starts and commands. Errors: texts for people. Nothing is changed.

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>

#include "core/ledger_match.hpp"
#include "ledger/ledger_refusal.hpp"

namespace reeld {

struct LedgerPlace {
  int spool_fd = -1;       // kept by the caller
  std::string spool_path;  // as the user names it, for messages
  std::string asked_path;  // [ledger] path; "" where none is set
  std::string state_dir;   // $STATE_DIRECTORY; "" where there is none
  bool adopts = false;     // a damaged marker is as good as none: a person is asked
};

/// Whether configuration or environment say where the ledger is.
bool names_ledger(const LedgerPlace& place);

/// The spool's own path, free of links: the marker may be read by anyone from anywhere.
std::string real_spool_path(const LedgerPlace& place);

struct LedgerOwner {
  uid_t user = 0;
  gid_t group = 0;  // of his file, for users that have no entry
};

/// Who acts: the owner of the ledger that is named (of its folder, where there is none yet); else of `.reeld`
/// and of the marker in it; else, where the spool has not been used, the caller, but for root, who makes it
/// as the owner of the spool's folder. Refused: more owners than one; root, where the folder is another's or
/// writable by others; a file system that makes owners up.
std::variant<LedgerOwner, LedgerRefusal> find_ledger_owner(const LedgerPlace& place);

/// Where the ledger is to be, and what the spool says of it.
struct LedgerSite {
  std::string path;  // absolute, its folder free of links
  std::optional<SpoolMarker> marker;
  std::string marked_path;  // where the marker says that it is; "" without a marker
  bool is_damaged = false;  // the marker, and so it is left out
  std::optional<uid_t>
      owner;  // whom the ledger has to belong to; nullopt: it is named, and belongs to anybody
  SpoolRoot root;
};

/// Called as the owner. Refused where that is another user than the caller. The marker is opened without
/// links and read within bounds; the ledger is not opened.
std::variant<LedgerSite, LedgerRefusal> locate_ledger(const LedgerPlace& place);

/// "run this as reeld or as root": `what` belongs to another user than who asks.
LedgerRefusal refuse_for_others(const std::string& what, uid_t owner);

}  // namespace reeld
