#pragma once
// Whether a ledger and a spool belong together: what the spool's marker says, against what the ledger says. A
// ledger that is missing, older or another's would buy again what was bought already.
//
// Pure.

#include <cstdint>
#include <optional>
#include <string>

#include "core/file_identity.hpp"

namespace reeld {

/// The spool's folder, and when the hidden one in it was made. The root of a file system has the same inode
/// on every disk; what lies in it was made once here, and at another time in a copy.
struct SpoolRoot {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t hidden_born_ns = 0;  // since the epoch; 0: not there, or its file system does not tell
  bool operator==(const SpoolRoot&) const = default;
};

/// What the spool's marker holds.
struct SpoolMarker {
  std::string uuid;
  std::string ledger;  // the path of its ledger; relative to the spool where it lies within
  std::int64_t generation = 0;
  bool operator==(const SpoolMarker&) const = default;
};

/// Which ledger this is, and of which spool.
struct LedgerIdentity {
  std::string uuid;                    // "" : one that has just been made
  std::int64_t generation = 0;         // grows with every start and every transaction of intents
  std::int64_t marked_generation = 0;  // the marker has held at least this one, durably
  SpoolRoot root;
  bool operator==(const LedgerIdentity&) const = default;
};

enum class LedgerMatch {
  together,      // they know each other
  fresh,         // neither has been used: they are made for each other
  unmarked,      // a crash came between the ledger's making and the marker's
  renumbered,    // together, but the spool's device has another number since (a reboot)
  no_ledger,     // the marker names one that is not there
  no_marker,     // the ledger belongs to a spool, and this folder is none: not mounted?
  strangers,     // each belongs to another
  older_ledger,  // the marker has seen a later state of it: restored from a backup?
  older_spool,   // the ledger has seen a later state of the marker: restored from a backup?
  copied_spool,  // another folder than the one that the ledger knows: a copy?
  corrupt,       // the ledger is no database, or a broken one
  damaged,       // nobody can tell what the marker has said
};

/// The marker as it was read before the ledger, and after it. A daemon that is at work meanwhile raises the
/// ledger's generation, then writes the marker, then notes in the ledger that it has: of two that belong
/// together, the ledger is not older than the marker was before, and the marker is not older afterwards than
/// the ledger knows it to be. One look alone cannot tell that.
struct MarkerLooks {
  std::optional<SpoolMarker> before;
  std::optional<SpoolMarker> after;
};

/// `ledger`: nullopt where the file is missing. `root`: as it is now.
LedgerMatch match(const MarkerLooks& marker, const std::optional<LedgerIdentity>& ledger,
                  const SpoolRoot& root);
/// Where nobody is at work on either.
LedgerMatch match(const std::optional<SpoolMarker>& marker, const std::optional<LedgerIdentity>& ledger,
                  const SpoolRoot& root);

/// Whether reeld may start; else a person has to look, and to say `reeld adopt`.
bool may_serve(LedgerMatch match);

/// For people: what was found, in words that end without a full stop.
std::string describe(LedgerMatch match);

}  // namespace reeld
