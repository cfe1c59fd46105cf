#pragma once
// Why there is no ledger to work with, and what to do. For people.

#include <string>

#include "ledger/sqlite.hpp"
#include "sys/sys_error.hpp"

namespace reeld {

struct LedgerRefusal {
  std::string reason;
  bool is_busy = false;       // another daemon has it
  bool is_passing = false;    // a disk forbids it now (full, read-only, an I/O error): it may be tried again
  bool is_forbidden = false;  // to who asks: another user, or root, may
};

LedgerRefusal refuse(const SysError& error);
LedgerRefusal refuse(const SqliteError& error);

}  // namespace reeld
