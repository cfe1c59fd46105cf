#pragma once
// How many jobs are in which stage, where that is asked for at every turn.
//
// Pure. Threads: none of its own.

#include <cstddef>

#include "core/verify.hpp"
#include "scheduler/job_stage.hpp"

namespace reeld {

class StageCounts {
 public:
  void enter(JobStage stage) {
    if (stage == JobStage::asked) ++asked_;
    if (stage == JobStage::suspected) ++suspected_;
    if (is_finishing(stage)) ++finishing_;
  }
  void leave(JobStage stage) {
    if (stage == JobStage::asked) decrease(asked_, "every answer of the ledger was asked for");
    if (stage == JobStage::suspected) decrease(suspected_, "every suspect was counted");
    if (is_finishing(stage)) decrease(finishing_, "every job that is finished was being finished");
  }
  /// Of those that are asked: one whose image is read, and one that waits for what comes of its files.
  void begin_reading() { ++reading_; }
  void end_reading() { decrease(reading_, "every reading that ends was begun"); }
  void block() { ++blocked_; }
  void unblock() { decrease(blocked_, "every pair that waits for files was counted"); }

  std::size_t asked() const { return asked_; }
  std::size_t reading() const { return reading_; }
  /// Questions that the ledger has not answered.
  std::size_t unanswered() const { return asked_ - blocked_; }
  std::size_t suspected() const { return suspected_; }
  /// Jobs whose end is being recorded or whose result is being written.
  std::size_t finishing() const { return finishing_; }

  static bool is_finishing(JobStage stage) {
    return stage == JobStage::recording || stage == JobStage::publishing;
  }

 private:
  std::size_t asked_ = 0;
  std::size_t reading_ = 0;
  std::size_t blocked_ = 0;  // it can take as long as an answer of the API
  std::size_t suspected_ = 0;
  std::size_t finishing_ = 0;
};

}  // namespace reeld
