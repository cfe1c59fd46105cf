#pragma once
// Every pair of a spool: what waits or is under way, as the daemon tells it, or as the folders do where none
// runs; and what the ledger knows. In the order of folders and stems, one at a time, however many there are.
//
// Errors: CommandFailure, SqliteError.

#include <functional>
#include <vector>

#include "codec/pairs_in_hand.hpp"
#include "commands/ledger/ledger_view.hpp"
#include "commands/ledger/spool_site.hpp"
#include "commands/list/list_scope.hpp"
#include "commands/list/listed_pair.hpp"

namespace reeld {

class PairList {
 public:
  using Show = std::function<void(const ListedPair& pair)>;

  /// All are kept by the caller.
  PairList(const SpoolSite& spool, const ListScope& scope, LedgerReader* reader)
      : spool_(spool), scope_(scope), reader_(reader) {}

  /// Of the pairs in that state ("": any). `in_hand`: what waits or is under way, in any order.
  void visit(std::vector<PairInHand> in_hand, const std::string& state, SystemTime now, const Show& show);

 private:
  using Entry = std::vector<PairInHand>::const_iterator;

  void show_in_hand(const PairInHand& pair, const std::optional<JobRecord>& record);
  void show_job(const JobRecord& record);
  void finish(ListedPair pair);

  const SpoolSite& spool_;
  const ListScope& scope_;
  LedgerReader* const reader_;  // null: there is no ledger
  SystemTime now_;
  std::string state_;
  const Show* show_ = nullptr;
};

}  // namespace reeld
