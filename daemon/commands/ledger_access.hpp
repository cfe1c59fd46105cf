#pragma once
// A spool's ledger, opened by a command: found through the spool's marker, as its owner, and only where the
// two belong together.
//
// Lifetime: while it lives the process acts as the ledger's owner. Errors: CommandFailure, SqliteError.

#include <functional>
#include <memory>
#include <string>

#include "commands/act_as_owner.hpp"
#include "commands/command_context.hpp"
#include "commands/spool_site.hpp"
#include "ledger/open_ledger.hpp"

namespace reeld {

/// `asked_path`: [ledger] path. It counts only where the spool has no marker.
LedgerPlace place_ledger(const SpoolSite& spool, const std::string& asked_path,
                         const CommandContext& context);
/// By the marker where there is one.
LedgerSite locate_known_ledger(const LedgerPlace& place);
/// What root acts as the owner of, in this order.
std::vector<std::string> list_owned(const SpoolSite& spool, const std::string& ledger);

/// The same before either is opened. A spool that cannot be opened, or has a marker that cannot be read, is
/// the business of what opens it next.
std::vector<std::string> list_owned(const Settings& settings, const CommandContext& context);

/// "it belongs to reeld: run this as that user, or as root". `path` cannot be opened by who asks.
std::string say_who_may(const std::string& path);

class LedgerAccess {
 public:
  LedgerAccess(const SpoolSite& spool, const std::string& asked_path, const CommandContext& context);

  LedgerStore& store() { return *store_; }
  LedgerReader& reader() { return store_->reader(); }
  /// All of it or nothing, and durable when this returns.
  void change(const std::function<void(LedgerStore&)>& transaction);

 private:
  LedgerSite site_;
  ActAsOwner owner_;
  std::unique_ptr<LedgerStore> store_;
};

}  // namespace reeld
