#pragma once
// The stages of a followed job, and which may come after which in one step. docs/next/following.md shows the
// same table; a test holds the two together.

#include <array>
#include <string_view>

namespace reeld {

enum class FollowStage {
  waiting,      // for its next poll
  polling,      // a poll is under way
  ready,        // completed; its next file waits for its turn
  downloading,  // a file is arriving
  placing,      // a file is whole: it is checked, synced and renamed
  relinking,    // completed, but no link works: a poll is to bring new ones
  done,         // nothing more is wanted
  failed,       // the API says that it failed, or does not know it
  expired,      // the API says so, or the deadline has passed
  undelivered,  // completed, but its video cannot be had as things are
};

inline constexpr std::array follow_stages{
    FollowStage::waiting, FollowStage::polling,    FollowStage::ready, FollowStage::downloading,
    FollowStage::placing, FollowStage::relinking,  FollowStage::done,  FollowStage::failed,
    FollowStage::expired, FollowStage::undelivered};

std::string_view word_of(FollowStage stage);

/// Nothing happens to it any more, unless a person takes it up again.
constexpr bool is_end(FollowStage stage) {
  return stage >= FollowStage::done;
}

/// Whether a followed job may go from one stage to the other in one step.
bool may_step(FollowStage from, FollowStage to);

}  // namespace reeld
