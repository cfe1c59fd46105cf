#include "core/known_job.hpp"

namespace reeld {

std::string_view word_of(LedgerState state) {
  switch (state) {
    case LedgerState::intended:
      return "intended";
    case LedgerState::unsent:
      return "unsent";
    case LedgerState::refused:
      return "refused";
    case LedgerState::accepted:
      return "accepted";
    case LedgerState::doubt:
      return "doubt";
    case LedgerState::released:
      break;
  }
  return "released";
}

Kinship compare(const KnownJob& known, const JobName& name, const PairIdentity& pair) {
  const bool is_same_prompt = known.pair.prompt == pair.prompt;
  const bool is_same_image = known.pair.image == pair.image;
  if (is_same_prompt && is_same_image) return known.name == name ? Kinship::same : Kinship::moved;
  if (known.name == name && (is_same_prompt || is_same_image)) return Kinship::half_replaced;
  return Kinship::stranger;
}

bool may_send(LedgerState state) {
  return state == LedgerState::unsent || state == LedgerState::refused || state == LedgerState::released;
}

Welcome welcome(const std::optional<KnownJob>& known, const JobName& name, const PairIdentity& pair) {
  const Kinship kinship = known ? compare(*known, name, pair) : Kinship::stranger;
  if (kinship == Kinship::stranger) return Welcome::send;
  // A refusal is over once it was told: removing its error file is a person's word. Until then it stands, for
  // these files.
  const bool is_untold = known->state == LedgerState::refused && !known->is_published;
  if (is_untold && kinship != Kinship::half_replaced) return Welcome::follow;
  if (may_send(known->state)) return Welcome::send;
  if (known->state == LedgerState::intended) return Welcome::wait;
  if (kinship == Kinship::moved) return Welcome::follow;
  if (kinship == Kinship::same && known->repeat_at) return Welcome::repeat;
  return Welcome::finish;
}

}  // namespace reeld
