#pragma once
// A ledger as commands see it that change nothing: opened for reading alone, never set aside, never migrated.
//
// Lifetime: while it lives the process acts as the ledger's owner. Errors: CommandFailure.

#include <memory>
#include <optional>
#include <string>

#include "commands/act_as_owner.hpp"
#include "commands/spool_site.hpp"
#include "ledger/open_ledger.hpp"

namespace reeld {

class LedgerView {
 public:
  LedgerView(const SpoolSite& spool, const LedgerSite& site);

  /// Null where there is no ledger (yet).
  LedgerReader* reader() { return reader_.get(); }
  LedgerMatch match() const { return match_; }

 private:
  ActAsOwner owner_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<LedgerReader> reader_;
  LedgerMatch match_ = LedgerMatch::fresh;
};

}  // namespace reeld
