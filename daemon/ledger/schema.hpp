#pragma once
// The ledger's tables, and how an older ledger becomes today's.

#include "ledger/sqlite.hpp"

namespace reeld {

inline constexpr int schema_version = 1;

/// Errors: SqliteError; also when the ledger was written by a newer reeld (it is then left untouched).
void migrate(Database& database);

}  // namespace reeld
