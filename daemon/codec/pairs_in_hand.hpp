#pragma once
// The pairs that a daemon has in hand, as it tells a command of them at the control socket. Names are bytes,
// so it is no JSON: fields that end in a NUL each; first how many pairs were left out, then of each pair its
// folder, its stem, why it waits (a word of WaitReason; none: it is under way), and for how long in
// milliseconds.
//
// Pure. Lifetime: none. Threads: any.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scheduler/wait_table.hpp"

namespace reeld {

struct PairInHand {
  JobName name;
  std::optional<WaitReason> reason;  // nullopt: it is under way
  milliseconds age{0};
};

struct PairsInHand {
  std::vector<PairInHand> pairs;
  std::size_t left_out = 0;  // there were more
};

/// Takes pairs, up to a number that a reply may well have.
class PairsInHandText {
 public:
  static constexpr std::size_t most = 100'000;

  void add(const JobName& pair, std::optional<WaitReason> reason, milliseconds age);
  std::string text() const;

 private:
  std::string fields_;
  std::size_t count_ = 0;
};

/// nullopt: that is not what `PairsInHandText` writes.
std::optional<PairsInHand> read_pairs_in_hand(std::string_view text);

}  // namespace reeld
