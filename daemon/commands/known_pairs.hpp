#pragma once
// What the ledger knows of the pairs that a look at the folders finds, where no daemon is there to ask: a
// pair whose result was tidied away is finished all the same.
//
// Lifetime: keeps the reader that it is given. Errors: SqliteError.

#include <cstdint>
#include <optional>
#include <string>

#include "commands/stem_listing.hpp"
#include "core/known_job.hpp"
#include "ledger/ledger_reader.hpp"

namespace reeld {

/// A job that keeps a pair from being sent as a new one.
struct KnownPair {
  KnownJob job;
  Welcome welcome = Welcome::finish;  // never Welcome::send
};

class KnownPairs {
 public:
  /// No pair is known: there is no ledger, or none that may be read.
  KnownPairs() = default;
  /// `reader` may be null. The spool's disk may have another number than the ledger has it by.
  KnownPairs(LedgerReader* reader, int spool_fd);

  /// nullopt: nothing is known that speaks against sending it.
  std::optional<KnownPair> find(const JobName& name, const PairIdentity& pair) const;
  /// Of one prompt and one image; files that cannot be looked at are not known.
  std::optional<KnownPair> find(const JobName& name, int folder_fd, const StemFiles& files) const;

 private:
  LedgerReader* reader_ = nullptr;
  std::uint64_t device_now_ = 0;
  std::uint64_t device_known_ = 0;  // as the ledger has it
};

/// For people, after the job's name: "accepted; nothing is sent".
std::string describe(const KnownPair& known, const JobName& name);

}  // namespace reeld
