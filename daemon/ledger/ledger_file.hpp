#pragma once
// Whether a file is a ledger, found out before it is locked, written or has anything made beside it: it may
// be another program's.
//
// Threads: blocking. A process that has the ledger open already must not call this: closing a file gives up
// the locks that SQLite holds on it (fcntl(2)).

#include <cstdint>
#include <string>
#include <variant>

#include "ledger/ledger_refusal.hpp"
#include "ledger/ledger_site.hpp"

namespace reeld {

struct LedgerFile {
  enum class Kind {
    missing,
    unused,   // empty, or a database without anything in it
    ledger,   // ours, by its header and its tables
    corrupt,  // no database, or a broken one; `damage` says how
  };
  Kind kind = Kind::missing;
  std::string damage;  // for people
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
};

/// Refused: a link, no regular file, another owner's than `.reeld` (where it is not named), not readable, a
/// database that is not a ledger, a ledger of a newer reeld.
std::variant<LedgerFile, LedgerRefusal> inspect_ledger(const LedgerSite& site);

/// Makes the file, empty, for its owner alone. Errors: SqliteError, also where there is one by now.
LedgerFile make_ledger_file(const std::string& path);

/// That the database which was just opened is the file that was inspected, and still a ledger. Called before
/// anything is written. Errors: SqliteError.
void require_same_file(Database& database, const LedgerFile& inspected);

/// Takes from all but the owner what rights they have to a ledger and what belongs to it, where these files
/// are the caller's: -wal, -shm, .lock and .reserve. Never fails: who may not change them does not own them.
void make_private(const std::string& ledger);

}  // namespace reeld
