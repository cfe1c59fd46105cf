#pragma once
// A ledger is copied before its tables are changed: so that a migration that goes wrong, or that somebody
// wants to go back from, costs nothing.

#include <string>

#include "ledger/sqlite.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// Makes `PATH.v1-20261122T101112Z` beside a ledger of schema version 1, mode 0600. Called within a
/// transaction that writes, before its first change. A ledger in memory has no copy. Durability: the copy and
/// its name survive a power cut once this has returned. Errors: SqliteError; no copy is then there under that
/// name.
void copy_before_migration(Database& database, int version);

/// A consistent copy of a ledger that others may be writing, as a file without a name, opened for reading, in
/// the ledger's folder. Errors: SqliteError.
UniqueFd copy_ledger(const std::string& ledger);

}  // namespace reeld
