#include "core/pairing.hpp"

namespace reeld {

StemState judge_stem(const StemContents& contents) {
  if (contents.has_result) return StemState::finished;
  if (contents.prompts == 0 && contents.images == 0) return StemState::nothing;
  if (contents.is_conflict) return StemState::conflict;
  if (contents.prompts > 1 || contents.images > 1) return StemState::ambiguous;
  if (contents.prompts == 0 || contents.images == 0) return StemState::half;
  return contents.is_nameable ? StemState::candidate : StemState::unnameable;
}

}  // namespace reeld
