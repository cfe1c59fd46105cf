#pragma once
// The ledger's tables, how an older ledger becomes today's, and how a file is known to be a ledger at all.

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "ledger/sqlite.hpp"

namespace reeld {

inline constexpr int schema_version = 2;
/// In the header of each ledger: "reel". Source: sqlite.org/fileformat2.html, "Application ID". Ledgers of
/// before it have 0, and get it when they are next opened for writing.
inline constexpr std::uint32_t ledger_application_id = 0x7265656c;

/// Brings the ledger to today's schema in one transaction; one that has been used is copied before
/// (`copy_before_migration`). Errors: SqliteError; also when the ledger was written by a newer reeld (it is
/// then left untouched).
void migrate(Database& database);

/// What is done before the first step changes a ledger that has been used, within the transaction: nobody
/// else writes meanwhile.
using BeforeMigration = std::function<void(Database& database, int version)>;
/// The same with steps of one's own, for tests.
void migrate(Database& database, std::span<const char* const> steps, const BeforeMigration& before);

/// Whether its tables and indexes are those of a ledger of the version that it says of itself, and nothing
/// else is in it. Changes nothing.
bool has_ledger_schema(Database& database);

}  // namespace reeld
