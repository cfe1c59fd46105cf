#pragma once
// The pair that lies under a name just now, whatever was sent from there. Blocking.

#include <optional>

#include "core/ready_pair.hpp"

namespace reeld {

struct PairAt {
  ReadyPair pair;
  bool has_result = false;
};

/// nullopt: not exactly one prompt and one image.
std::optional<PairAt> find_pair_at(int folder_fd, const JobName& job);

}  // namespace reeld
