#pragma once
// The stages of a job while reeld has it in hand, and which may follow which. docs/guarantees.md shows the
// same table; a test holds the two together.

#include <array>
#include <string_view>

namespace reeld {

enum class JobStage {
  asked,       // the ledger is asked whether it knows these files
  waiting,     // for its turn, and for the lane
  held,        // until a scan is over, or a person says `release`: many came at once, or it is a copy
  parked,      // until a time: what could not be read, or the one repeat of a doubt
  suspected,   // its answer may be about this pair, or about all: another is asked, to tell
  sending,     // an attempt is under way
  recording,   // the ledger is told what came of it
  publishing,  // its result is on its way into the folder
  done,        // no longer in hand
};

inline constexpr std::array job_stages{JobStage::asked,     JobStage::waiting,    JobStage::held,
                                       JobStage::parked,    JobStage::suspected,  JobStage::sending,
                                       JobStage::recording, JobStage::publishing, JobStage::done};

std::string_view word_of(JobStage stage);

/// Whether a job may go from one stage to the other in one step.
bool may_follow(JobStage from, JobStage to);

}  // namespace reeld
