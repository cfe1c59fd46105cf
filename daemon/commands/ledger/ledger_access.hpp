#pragma once
// A spool's ledger, opened by a command: as its owner, and only where the two belong together.
//
// Lifetime: the process stays the ledger's owner. Errors: CommandFailure, SqliteError.

#include <functional>
#include <memory>
#include <string>

#include "commands/act_as_owner.hpp"
#include "commands/command_context.hpp"
#include "commands/ledger/spool_site.hpp"
#include "ledger/open_ledger.hpp"

namespace reeld {

/// `asked_path`: [ledger] path.
LedgerPlace place_ledger(const SpoolSite& spool, const std::string& asked_path,
                         const CommandContext& context);

class LedgerAccess {
 public:
  LedgerAccess(const SpoolSite& spool, const std::string& asked_path, const CommandContext& context);

  const std::string& path() const { return found_.path; }
  LedgerStore& store() { return *store_; }
  LedgerReader& reader() { return store_->reader(); }
  /// All of it or nothing, and durable when this returns.
  void change(const std::function<void(LedgerStore&)>& transaction);

 private:
  LedgerFindings found_;
  std::unique_ptr<LedgerStore> store_;
};

}  // namespace reeld
