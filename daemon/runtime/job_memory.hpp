#pragma once
// What has been accepted or is in doubt, by the files themselves: moving results or files about must not buy
// again.

#include <map>
#include <optional>

#include "core/file_identity.hpp"
#include "core/verdict_word.hpp"

namespace reeld {

class JobMemory {
 public:
  void remember(const PairIdentity& pair, Verdict verdict) { known_[pair] = verdict; }
  std::optional<Verdict> find(const PairIdentity& pair) const {
    const auto it = known_.find(pair);
    return it == known_.end() ? std::nullopt : std::optional(it->second);
  }

 private:
  std::map<PairIdentity, Verdict> known_;
};

}  // namespace reeld
