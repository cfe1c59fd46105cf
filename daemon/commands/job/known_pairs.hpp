#pragma once
// What the ledger knows of the pairs that a look at the folders finds, where no daemon is there to ask: a
// pair whose result was tidied away is finished all the same.
//
// Errors: SqliteError.

#include <memory>
#include <optional>
#include <string>

#include "commands/job/stem_listing.hpp"
#include "core/known_job.hpp"
#include "ledger/ledger_reader.hpp"
#include "spool/pair_lookup.hpp"

namespace reeld {

/// A job that keeps a pair from being sent as a new one.
struct KnownPair {
  KnownJob job;
  Disposition disposition = Disposition::finish;  // never Disposition::send
  PairMatch match = PairMatch::same;              // never PairMatch::copy
};

class KnownPairs {
 public:
  /// No pair is known: there is no ledger, or none that may be read.
  KnownPairs() = default;
  /// `reader` may be null; both are kept by the caller.
  KnownPairs(LedgerReader* reader, int spool_fd);

  /// nullopt: nothing is known that speaks against sending it. May read both files.
  std::optional<KnownPair> find(const ReadyPair& pair) const;
  /// Of one prompt and one image; files that cannot be looked at are not known.
  std::optional<KnownPair> find(const JobName& name, int folder_fd, const StemFiles& files) const;

 private:
  std::shared_ptr<PairLookup> lookup_;  // null: no pair is known
};

/// For people, after the job's name: "accepted; nothing is sent".
std::string describe(const KnownPair& known, const JobName& name);

}  // namespace reeld
