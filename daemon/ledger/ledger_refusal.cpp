#include "ledger/ledger_refusal.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace reeld {
namespace {

bool may_pass(int error_number) {
  static constexpr std::array codes{ENOSPC, EDQUOT, EROFS,  EIO,   EMFILE,
                                    ENFILE, ENOMEM, EAGAIN, EINTR, ESTALE};
  return std::find(codes.begin(), codes.end(), error_number) != codes.end();
}

}  // namespace

LedgerRefusal refuse(const SysError& error) {
  LedgerRefusal out;
  out.reason = error.message;
  out.is_passing = may_pass(error.code);
  return out;
}

LedgerRefusal refuse(const SqliteError& error) {
  const int code = error.code & 0xff;
  const bool is_disk =
      code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_BUSY || code == SQLITE_READONLY;
  LedgerRefusal out;
  out.reason = error.what();
  out.is_passing = is_disk || may_pass(error.system_code);
  return out;
}

}  // namespace reeld
