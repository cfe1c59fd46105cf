#pragma once
// A ledger as commands see it that change nothing: opened for reading alone, never set aside; one of an older
// reeld is brought up to date in memory.
//
// Lifetime: the process stays the ledger's owner. Errors: CommandFailure, SqliteError.

#include <memory>
#include <optional>
#include <string>

#include "commands/act_as_owner.hpp"
#include "commands/ledger/spool_site.hpp"
#include "ledger/open_ledger.hpp"

namespace reeld {

class LedgerView {
 public:
  explicit LedgerView(const LedgerPlace& place);

  /// Null where there is no ledger (yet).
  LedgerReader* reader() { return reader_.get(); }
  LedgerMatch match() const { return match_; }
  const LedgerSite& site() const { return site_; }
  /// What is wrong with a corrupt one; else "".
  const std::string& damage() const { return file_.damage; }

 private:
  void read(const LedgerPlace& place);

  LedgerSite site_;
  LedgerFile file_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<LedgerReader> reader_;
  LedgerMatch match_ = LedgerMatch::fresh;
};

}  // namespace reeld
