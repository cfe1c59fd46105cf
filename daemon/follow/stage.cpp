#include "follow/stage.hpp"

#include <algorithm>
#include <utility>

namespace reeld {
namespace {

using Stage = FollowStage;
using StageStep = std::pair<FollowStage, FollowStage>;

constexpr std::array legal_steps{
    StageStep{Stage::waiting, Stage::polling},  // its turn
    StageStep{Stage::waiting, Stage::waiting},  // taken up: polled at once
    StageStep{Stage::polling, Stage::waiting},  // not completed yet, or no answer
    StageStep{Stage::polling,
              Stage::relinking},  // it had completed, and the answer brings no links that were not tried
    StageStep{Stage::polling, Stage::ready},    // completed
    StageStep{Stage::polling, Stage::done},     // completed, and nothing is to be downloaded
    StageStep{Stage::polling, Stage::failed},   // the API says so; or does not know it, three times in a row
    StageStep{Stage::polling, Stage::expired},  // the API says so; or the deadline has passed
    StageStep{Stage::polling, Stage::undelivered},  // it had completed, and is gone from the API since
    StageStep{Stage::ready, Stage::downloading},    // its turn
    StageStep{Stage::ready, Stage::ready},          // taken up: no waiting any more
    StageStep{Stage::downloading, Stage::placing},  // whole
    StageStep{Stage::downloading,
              Stage::ready},  // cut, put off, or another source is tried; or the next file
    StageStep{Stage::downloading, Stage::relinking},    // no source has it
    StageStep{Stage::downloading, Stage::done},         // the last file, a picture, cannot be had
    StageStep{Stage::downloading, Stage::undelivered},  // too large, or no source has it after many rounds
    StageStep{Stage::placing,
              Stage::ready},  // there is another file; or another source; or no place just now
    StageStep{Stage::placing, Stage::relinking},    // it is no video, and no other source is left
    StageStep{Stage::placing, Stage::done},         // all files are there
    StageStep{Stage::placing, Stage::undelivered},  // it is no video, after many rounds
    StageStep{Stage::relinking, Stage::polling},    // its turn
    StageStep{Stage::relinking, Stage::relinking},  // taken up: polled at once
    StageStep{Stage::done, Stage::waiting},         // taken up, as are the following
    StageStep{Stage::failed, Stage::waiting},
    StageStep{Stage::expired, Stage::waiting},
    StageStep{Stage::undelivered, Stage::waiting},
};

}  // namespace

std::string_view word_of(FollowStage stage) {
  switch (stage) {
    case Stage::waiting:
      return "waiting";
    case Stage::polling:
      return "polling";
    case Stage::ready:
      return "ready";
    case Stage::downloading:
      return "downloading";
    case Stage::placing:
      return "placing";
    case Stage::relinking:
      return "relinking";
    case Stage::done:
      return "done";
    case Stage::failed:
      return "failed";
    case Stage::expired:
      return "expired";
    case Stage::undelivered:
      break;
  }
  return "undelivered";
}

bool may_step(FollowStage from, FollowStage to) {
  return std::ranges::find(legal_steps, StageStep{from, to}) != legal_steps.end();
}

}  // namespace reeld
