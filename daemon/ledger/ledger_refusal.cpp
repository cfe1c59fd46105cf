#include "ledger/ledger_refusal.hpp"

#include <sqlite3.h>

#include "sys/passing_trouble.hpp"

namespace reeld {

LedgerRefusal refuse(const SysError& error) {
  LedgerRefusal out;
  out.reason = error.message;
  out.is_passing = may_pass(error.code);
  return out;
}

LedgerRefusal refuse(const SqliteError& error) {
  const int code = error.code & 0xff;
  const bool is_of_the_moment = code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_BUSY ||
                                code == SQLITE_READONLY || code == SQLITE_NOMEM;
  LedgerRefusal out;
  out.reason = error.what();
  out.is_passing = is_of_the_moment || may_pass(error.system_code);
  return out;
}

}  // namespace reeld
