#include "scheduler/job_stage.hpp"

#include <utility>

namespace reeld {
namespace {

using Step = std::pair<JobStage, JobStage>;

constexpr std::array steps{
    Step{JobStage::asked, JobStage::waiting},     // not known, or known as never paid for
    Step{JobStage::asked, JobStage::held},        // new, and its scan is not over; or a copy
    Step{JobStage::asked, JobStage::parked},      // in doubt, and its one repeat is still to come
    Step{JobStage::asked, JobStage::publishing},  // known elsewhere: its result follows it
    Step{JobStage::asked, JobStage::done},        // known here; or its files are gone
    Step{JobStage::waiting, JobStage::sending},   // its turn
    Step{JobStage::waiting, JobStage::asked},     // its files were replaced, or were sent under another name
    Step{JobStage::waiting, JobStage::publishing},    // a doubt's files went before the repeat: it is held
    Step{JobStage::waiting, JobStage::done},          // its files are gone
    Step{JobStage::held, JobStage::waiting},          // the scan has found few; or a person has said so
    Step{JobStage::held, JobStage::asked},            // its files were replaced
    Step{JobStage::held, JobStage::done},             // its files are gone
    Step{JobStage::parked, JobStage::waiting},        // the time has come
    Step{JobStage::parked, JobStage::asked},          // its files were replaced
    Step{JobStage::parked, JobStage::publishing},     // a doubt's files went before the repeat: it is held
    Step{JobStage::parked, JobStage::done},           // its files are gone
    Step{JobStage::sending, JobStage::recording},     // an intent is in the ledger: so must its end be
    Step{JobStage::sending, JobStage::publishing},    // refused, and no intent was recorded
    Step{JobStage::sending, JobStage::waiting},       // unsent, throttled, account: it keeps its place
    Step{JobStage::sending, JobStage::parked},        // it could not be read
    Step{JobStage::sending, JobStage::done},          // its files changed: intake decides anew
    Step{JobStage::sending, JobStage::suspected},     // its answer may be about all
    Step{JobStage::suspected, JobStage::waiting},     // it is about all; or it is asked with once more
    Step{JobStage::suspected, JobStage::recording},   // it is its own: the ledger learns that it is refused
    Step{JobStage::suspected, JobStage::publishing},  // the same, and no intent was recorded
    Step{JobStage::suspected, JobStage::asked},       // its files were replaced
    Step{JobStage::suspected, JobStage::done},        // its files are gone
    Step{JobStage::recording, JobStage::recording},   // it is its own after all
    Step{JobStage::recording, JobStage::suspected},
    Step{JobStage::recording, JobStage::publishing},
    Step{JobStage::recording, JobStage::waiting},
    Step{JobStage::recording, JobStage::parked},
    Step{JobStage::recording, JobStage::done},
    Step{JobStage::publishing, JobStage::done},
};

}  // namespace

std::string_view word_of(JobStage stage) {
  switch (stage) {
    case JobStage::asked:
      return "asked";
    case JobStage::waiting:
      return "waiting";
    case JobStage::held:
      return "held";
    case JobStage::parked:
      return "parked";
    case JobStage::suspected:
      return "suspected";
    case JobStage::sending:
      return "sending";
    case JobStage::recording:
      return "recording";
    case JobStage::publishing:
      return "publishing";
    case JobStage::done:
      break;
  }
  return "done";
}

bool may_follow(JobStage from, JobStage to) {
  for (const Step& step : steps) {
    if (step == Step{from, to}) return true;
  }
  return false;
}

}  // namespace reeld
