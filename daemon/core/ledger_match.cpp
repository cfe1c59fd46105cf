#include "core/ledger_match.hpp"

namespace reeld {
namespace {

LedgerMatch match_without_marker(const std::optional<LedgerIdentity>& ledger) {
  if (!ledger || ledger->uuid.empty()) return LedgerMatch::fresh;
  return ledger->marked_generation == 0 ? LedgerMatch::unmarked : LedgerMatch::no_marker;
}

bool is_made_at_another_time(const SpoolRoot& known, const SpoolRoot& found) {
  return known.hidden_born_ns != 0 && found.hidden_born_ns != 0 &&
         known.hidden_born_ns != found.hidden_born_ns;
}

}  // namespace

LedgerMatch match(const MarkerLooks& marker, const std::optional<LedgerIdentity>& ledger,
                  const SpoolRoot& root) {
  const auto& [before, after] = marker;
  if (!ledger) return before ? LedgerMatch::no_ledger : LedgerMatch::fresh;
  const bool is_being_made = !before && ledger->uuid.empty();
  if (!after || is_being_made) return match_without_marker(ledger);
  if (ledger->uuid != after->uuid)
    return ledger->uuid.empty() ? LedgerMatch::no_ledger : LedgerMatch::strangers;
  if (before && before->uuid == ledger->uuid && ledger->generation < before->generation)
    return LedgerMatch::older_ledger;
  if (after->generation < ledger->marked_generation) return LedgerMatch::older_spool;
  if (ledger->root.inode != root.inode) return LedgerMatch::copied_spool;
  if (ledger->root.device == root.device) return LedgerMatch::together;
  return is_made_at_another_time(ledger->root, root) ? LedgerMatch::copied_spool : LedgerMatch::renumbered;
}

LedgerMatch match(const std::optional<SpoolMarker>& marker, const std::optional<LedgerIdentity>& ledger,
                  const SpoolRoot& root) {
  return match(MarkerLooks{marker, marker}, ledger, root);
}

bool may_serve(LedgerMatch match) {
  return match <= LedgerMatch::renumbered;
}

std::string describe(LedgerMatch match) {
  switch (match) {
    case LedgerMatch::together:
      return "ledger and spool belong together";
    case LedgerMatch::fresh:
      return "neither ledger nor spool has been used yet";
    case LedgerMatch::unmarked:
      return "the ledger is new, and the spool does not know it yet";
    case LedgerMatch::renumbered:
      return "ledger and spool belong together; the disk has another number than before";
    case LedgerMatch::no_ledger:
      return "the spool has been used with a ledger, and that ledger is missing";
    case LedgerMatch::no_marker:
      return "the ledger belongs to a spool, and this folder has no .reeld/spool: is the spool not mounted?";
    case LedgerMatch::strangers:
      return "the ledger belongs to another spool";
    case LedgerMatch::older_ledger:
      return "the ledger is older than what the spool has seen: was it restored from a backup?";
    case LedgerMatch::older_spool:
      return "the spool is older than what the ledger has seen: was it restored from a backup?";
    case LedgerMatch::copied_spool:
      return "the ledger knows another folder as this spool: was it copied or restored?";
    case LedgerMatch::corrupt:
      return "the ledger is corrupt";
    case LedgerMatch::damaged:
      break;
  }
  return "the spool's marker, .reeld/spool, is damaged";
}

}  // namespace reeld
